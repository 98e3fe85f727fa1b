// Shows the password while the button is pressed in; without this script the field stays as it is.
for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn l";
  button.setAttribute("aria-controls", field.id);
  show(false);
  button.addEventListener("click", () => show(field.type === "password"));

  const row = document.createElement("div");
  row.className = "with";
  field.replaceWith(row);
  row.append(field, button);
  field.form.addEventListener("submit", () => show(false));

  function show(shown) {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "隐藏" : "显示";
    button.setAttribute("aria-label", shown ? "隐藏密码" : "显示密码");
  }
}
