/* Runs only where modules are unknown: the compatibility mode of 360-family browsers. */
(function () {
  var note = document.createElement("p");
  note.className = "old-browser";
  note.appendChild(
    document.createTextNode("您正在使用兼容模式，页面可能显示不全。点地址栏右侧的闪电图标，切换到极速模式。"),
  );
  document.body.insertBefore(note, document.body.firstChild);
})();
