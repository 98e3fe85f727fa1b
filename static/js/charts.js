// Puts plotly in the place of the server's picture: after the page has loaded, when a chart comes
// near the window, one chart per idle moment. Where anything fails the picture simply stays.
const NARROW = 600;
const CONFIG = {
  plotlyServerURL: "", // nothing may ever be sent to a chart service
  displaylogo: false,
  displayModeBar: "hover",
  locale: "zh-CN",
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
  responsive: true,
};
// A figure that lies over the rows of a table is looked at only; its numbers stand in the rows.
const OVER_ROWS = { ...CONFIG, displayModeBar: false, responsive: false, staticPlot: true };
const NAMES = 230; // room for the names of those rows, in the picture that leaves the page
const touch = matchMedia("(pointer: coarse)").matches;
const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 50));
let library;
let queue = Promise.resolve();

function start() {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        observer.unobserve(target);
        queue = queue.then(pause).then(() => replace(target.closest("[data-chart]")));
      }
    },
    { rootMargin: "300px" },
  );
  // The box, not the block: a figure that a phone does not show is not fetched.
  for (const box of document.querySelectorAll("[data-chart] .chart-box")) observer.observe(box);
}

function pause() {
  return new Promise((resolve) => idle(resolve, { timeout: 500 }));
}

async function replace(block) {
  try {
    const [plotly, drawings] = await Promise.all([load(block), read(block)]);
    await pause();
    await draw(plotly, block, drawings);
    offerDownload(plotly, block, drawings);
  } catch (error) {
    console.warn(`${block.id}: ${error}`);
  }
}

function load({ dataset }) {
  library ??= script(dataset.plotly)
    .then(() => script(dataset.locale))
    .then(() => window.Plotly);
  return library;
}

function script(src) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = src;
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`未能载入 ${src}`)));
    document.head.append(element);
  });
}

async function read(block) {
  if (!block.dataset.src) {
    return JSON.parse(block.querySelector("script[type='application/json']").textContent);
  }
  const answer = await fetch(block.dataset.src, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`数据没有取到（${answer.status}）`);
  return answer.json();
}

async function draw(plotly, block, drawings) {
  const room = block.querySelector(".chart-live");
  const height = block.querySelector(".chart-picture").clientHeight;
  let current = variant(block, drawings);
  const config = isOverRows(block) ? OVER_ROWS : CONFIG;
  await plotly.newPlot(room, ...parts(current, height), config);
  block.classList.add("is-live");
  addEventListener("resize", () => {
    const wanted = variant(block, drawings);
    if (wanted === current) return;
    current = wanted;
    // Drawn anew: an update from few labels to many leaves labels out.
    plotly.newPlot(room, ...parts(current, current.layout.height), config);
  });
}

function variant(block, drawings) {
  const small = block.querySelector(".chart-box").clientWidth < NARROW;
  return small && drawings.narrow ? drawings.narrow : drawings.wide;
}

// A copy, because plotly writes into what it draws.
function parts(figure, height) {
  const { data, layout } = structuredClone(figure);
  const drag = touch ? { dragmode: false } : {};
  return [data, { ...layout, ...drag, height, autosize: true }];
}

function isOverRows(block) {
  return "overRows" in block.dataset;
}

function offerDownload(plotly, block, drawings) {
  const button = block.querySelector("[data-download]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const { width, figure } = titled(block, drawings.wide);
    plotly.downloadImage(figure, {
      filename: block.dataset.name,
      format: "png",
      height: figure.layout.height,
      scale: 2,
      width,
    });
  });
}

// The picture leaves the page, so it carries the title and the mark of demonstration data with it.
function titled(block, drawing) {
  const { data, layout } = structuredClone(drawing);
  const isLong = isOverRows(block);
  const head = isLong ? 76 : 56;
  let width = block.querySelector(".chart-picture .wide").viewBox.baseVal.width;
  if (isLong) {
    width += NAMES;
    name(block, layout);
  }
  layout.height += head;
  layout.margin.t += head;
  layout.title = {
    font: { color: "black", size: isLong ? 14 : 16, weight: 700 },
    pad: { l: 16, t: 14 },
    subtitle: { text: clean(block.querySelector(".chart-head p").textContent) },
    text: clean(block.dataset.name).replace("：", isLong ? "：<br>" : "："),
    x: 0,
    xanchor: "left",
    xref: "container",
    y: 1,
    yanchor: "top",
    yref: "container",
  };
  if (block.dataset.mark) {
    layout.annotations.push({
      font: { color: "black", size: 14, weight: 700 },
      showarrow: false,
      text: block.dataset.mark,
      x: 1,
      xanchor: "right",
      xref: "paper",
      xshift: layout.margin.r - 16,
      y: 1,
      yanchor: "bottom",
      yref: "paper",
      yshift: layout.margin.t - 32,
    });
  }
  return { figure: { data, layout, config: CONFIG }, width };
}

// The names stand in the table; y counts the pixels from the table's head.
function name(block, layout) {
  layout.paper_bgcolor = "white";
  const top = block.querySelector(".board").getBoundingClientRect().top + layout.margin.t;
  for (const head of block.querySelectorAll(".board tbody th")) {
    const { top: start, height } = head.getBoundingClientRect();
    const [first, link] = [head.querySelector("i, b"), head.querySelector("a")];
    const words = clean(first.textContent);
    layout.annotations.push({
      font: { color: "black", weight: link ? 400 : 700 },
      showarrow: false,
      text: link ? `${words} ${clean(link.textContent)}` : words,
      x: 0,
      xanchor: "left",
      xref: "paper",
      xshift: 16 - NAMES,
      y: start - top + height / 2,
      yanchor: "middle",
    });
  }
  layout.margin.l += NAMES;
}

function clean(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
