// Files are sent at once with their progress; the form around them stays as it is, whatever happens.
// Without this script the buttons send the whole form, and the server answers with the page.
const MEGABYTE = 1024 * 1024;
const JSON_TYPE = "application/json";
const SIGN_IN = ["signed_out", "csrf"]; // what the server says when the session has ended
const SIGNED_OUT = "登录已过期，没有存入；已填的内容还在，重新登录后再选择文件。";

for (const root of document.querySelectorAll("[data-evidence]")) {
  start(root);
}

// A file that misses the area would replace the page, and what is typed with it.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (bringsFiles(event)) {
      event.preventDefault();
    }
  });
}

function start(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const area = root.querySelector(".files");
  const pick = part("pick");
  const form = root.closest("form");
  let waiting = Promise.resolve();

  pick.classList.add("vh");
  part("send").hidden = true;
  root.querySelectorAll("[data-script]").forEach((element) => (element.hidden = false));

  for (const name of ["input", "change"]) {
    pick.addEventListener(name, (event) => event.stopPropagation()); // it is no text to be saved
  }
  pick.addEventListener("change", () => {
    const files = [...pick.files];
    pick.value = "";
    take(files);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove],[data-reuse]");
    if (button) {
      event.preventDefault();
      clear();
      const reuses = button.hasAttribute("data-reuse");
      line(() => press(button, reuses ? reused : removed));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!part("way").hidden) {
      event.preventDefault(); // a file is on its way
    }
  });
  dragging();

  function take(files) {
    clear();
    for (const file of files) {
      line(() => send(file));
    }
  }

  // One after the other: the order of the names stays, and one lost connection says so once.
  function line(act) {
    waiting = waiting.then(act);
  }

  async function send(file) {
    if (file.size > Number(root.dataset.limit) * MEGABYTE) {
      complain([`${file.name}：${tooLarge(file)}`]);
      return;
    }
    const data = new FormData();
    data.append("files", file);
    under(`正在上传 ${file.name}`, 0);
    const answer = await post(root.dataset.upload, data, tooLarge(file), (share) => {
      under(share < 100 ? `正在上传 ${file.name} ${share}%` : `正在检查 ${file.name}`, share);
    });
    under("", 0);
    complain(answer.named ? answer.errors : answer.errors.map((words) => `${file.name}：${words}`));
    answer.files.forEach(add);
    tell(answer.files, "已上传");
  }

  async function press(button, then) {
    button.disabled = true;
    const answer = await post(button.formAction, new FormData(), "");
    button.disabled = false;
    complain(answer.errors);
    if (answer.files.length) {
      then(button, answer.files);
    }
  }

  function removed(button, files) {
    button.closest("li").remove();
    pick.focus();
    tell(files, "已移除");
  }

  function reused(button, files) {
    button.remove();
    pick.focus();
    files.forEach(add);
    tell(files, "已沿用");
  }

  function add(file) {
    const row = part("row").content.firstElementChild.cloneNode(true);
    const [link, size, button] = row.children;
    link.href = file.url;
    link.textContent = file.name;
    size.textContent = file.size;
    button.setAttribute("formaction", file.remove);
    button.setAttribute("aria-label", `移除${file.name}`);
    part("files").append(row);
  }

  function tell(files, deed) {
    if (files.length) {
      part("done").textContent = `${deed}${files.map((file) => file.name).join("、")}`;
      form.dispatchEvent(new CustomEvent("evidence", { bubbles: true }));
    }
  }

  function clear() {
    part("errors").replaceChildren();
  }

  function complain(sentences) {
    for (const words of sentences) {
      const line = document.createElement("p");
      line.textContent = words;
      part("errors").append(line);
    }
  }

  function under(words, share) {
    part("way").hidden = !words;
    part("doing").textContent = words;
    part("way").querySelector("progress").value = share;
  }

  function tooLarge(file) {
    return root.dataset.tooLarge.replace("{size}", (file.size / MEGABYTE).toFixed(1));
  }

  // When the session has ended, the sign-in over the page comes up, and the same is sent again.
  async function post(...request) {
    let answer = await once(...request);
    while (answer.signIn && document.querySelector("[data-session]")) {
      const renewed = new Promise((done) => document.addEventListener("fill:renewed", done, { once: true }));
      form.dispatchEvent(new CustomEvent("fill:ended", { detail: { code: "signed_out" }, bubbles: true }));
      await renewed;
      answer = await once(...request);
    }
    return answer;
  }

  function once(address, data, whenTooLarge, onShare = () => {}) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("Accept", JSON_TYPE);
      request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
      request.upload.addEventListener("progress", (event) => {
        onShare(Math.floor((event.loaded / event.total) * 100));
      });
      request.addEventListener("loadend", () => resolve(understood(request, whenTooLarge)));
      request.send(data);
    });
  }

  function understood(request, whenTooLarge) {
    const type = request.getResponseHeader("Content-Type") ?? "";
    const answer = type.startsWith(JSON_TYPE) ? JSON.parse(request.responseText) : {};
    if (answer.files) {
      return { ...answer, named: true };
    }
    const signIn = SIGN_IN.includes(answer.code) || request.responseURL.includes("/login/");
    const words = signIn ? SIGNED_OUT : (answer.message ?? failure(request, whenTooLarge));
    return { files: [], errors: [words], signIn };
  }

  function failure(request, whenTooLarge) {
    if (request.status === 0) {
      return "网络不通，没有存入；已填的内容还在，联网后重新选择文件。";
    }
    if (request.status === 413) {
      return whenTooLarge;
    }
    return "服务器没有存下，已填的内容还在，稍后重新选择文件；仍不行时告诉双碳办。";
  }

  function dragging() {
    let depth = 0;
    const over = (change) => {
      depth = Math.max(0, depth + change);
      area.classList.toggle("over", depth > 0);
    };
    area.addEventListener("dragenter", (event) => bringsFiles(event) && over(1));
    area.addEventListener("dragleave", (event) => bringsFiles(event) && over(-1));
    area.addEventListener("drop", (event) => {
      over(-depth);
      if (bringsFiles(event)) {
        event.preventDefault();
        take([...event.dataTransfer.files]);
      }
    });
  }
}

function bringsFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
