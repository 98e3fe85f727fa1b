// A link into the plan names a clause and the quoted words: the reader starts there.
const current = document.querySelector("[data-current]");
if (current) {
  (current.querySelector("mark") ?? current).scrollIntoView({ block: "center" });
}
