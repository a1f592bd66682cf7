// Draws the page's charts: one request brings the columns of all of them.
import uPlot from "uplot";
import { axisValue, written } from "./numbers.js";
import { say } from "./saying.js";

const DASHES = [[], [7, 4], [2, 4]];
const SYNC = "monitoring";
const LANGUAGE = document.documentElement.lang.replace(/^en$/, "en-GB");
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { day: "numeric", month: "short" };

export function drawCharts(place) {
  if (!place) return null;
  const charts = [...place.querySelectorAll("[data-chart]")].map((figure) => new Chart(figure, place));
  const update = async () => {
    const found = await fetchSeries();
    for (const chart of charts) chart.show(found);
  };
  const repaint = () => charts.forEach((chart) => chart.repaint());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  update().catch(() => say("offline"));
  return { update };
}

async function fetchSeries() {
  const answer = await fetch(document.getElementById("series").dataset.series);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

class Chart {
  constructor(figure, place) {
    this.figure = figure;
    this.plot = figure.querySelector("[data-plot]");
    this.unit = figure.dataset.unit;
    this.target = figure.dataset.target ? Number(figure.dataset.target) : null;
    this.zone = place.dataset.zone;
    this.names = [...figure.querySelectorAll("[data-value]")].map((value) => value.dataset.value);
    new ResizeObserver(() => this.drawn?.setSize(this.size())).observe(this.plot);
  }

  show(found) {
    this.found = found;
    const columns = this.names.map((name) => found.columns[name]);
    const isEmpty = columns.every((column) => column.every((value) => value === null));
    if (isEmpty) return; // the page says so
    const data = [found.columns.at, ...columns];
    if (this.drawn) {
      this.drawn.setData(data, false);
      this.drawn.setScale("x", this.range());
      return;
    }
    this.plot.replaceChildren();
    this.drawn = new uPlot(this.options(), data, this.plot);
    this.listenToKeys();
  }

  repaint() {
    if (!this.drawn) return;
    this.drawn.destroy();
    this.drawn = null;
    this.show(this.found);
  }

  range() {
    return { min: Date.parse(this.found.start) / 1000, max: Date.parse(this.found.end) / 1000 };
  }

  size() {
    return { width: this.plot.clientWidth, height: this.plot.clientHeight };
  }

  options() {
    const { color: ink, font: face } = styles(this.figure.querySelector(".chart__unit, .legend"));
    const { borderTopColor: line } = styles(this.figure);
    const font = `12px ${face.split("px ").pop().replace(/^[\d.]+\s*/, "")}`;
    const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    return {
      ...this.size(),
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), this.zone),
      legend: { show: false },
      cursor: { sync: { key: SYNC }, drag: { x: true, y: false }, points: { size: 7 } },
      scales: {
        x: { time: true, range: () => Object.values(this.range()) },
        y: { range: (_chart, _least, most) => [0, (Math.max(most ?? 0, this.target ?? 0) || 1) * 1.08] },
      },
      axes: [
        { ...axis, size: 28, values: (_chart, ticks, _axis, _room, step) => this.times(ticks, step) },
        { ...axis, size: 52, space: 32, values: (_chart, ticks) => ticks.map(axisValue) },
      ],
      series: [{}, ...this.names.map((name, index) => this.line(name, index))],
      hooks: {
        drawAxes: [(chart) => this.drawTarget(chart)],
        setCursor: [(chart) => this.showValues(chart.cursor.idx)],
        setSelect: [(chart) => this.lookCloser(chart)],
      },
    };
  }

  times(ticks, step) {
    const style = step >= 86_400 ? DAY : step >= 60 ? TIME : { ...TIME, second: "2-digit" };
    const format = new Intl.DateTimeFormat(LANGUAGE, { ...style, timeZone: this.zone });
    return ticks.map((at) => format.format(at * 1000));
  }

  line(name, index) {
    const { color } = styles(this.figure.querySelector(`[data-line="${name}"]`));
    const points = { show: (chart, _series, from, to) => to - from < 40, size: 4 };
    return { stroke: color, width: 2, dash: DASHES[index], points, spanGaps: false };
  }

  drawTarget({ ctx, bbox, valToPos }) {
    if (this.target === null) return;
    const height = valToPos(this.target, "y", true);
    ctx.save();
    ctx.strokeStyle = styles(this.figure.querySelector('[data-line="target"]')).color;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, height);
    ctx.lineTo(bbox.left + bbox.width, height);
    ctx.stroke();
    ctx.restore();
  }

  // Beside each line: its value where one points, and else its figure of the whole time.
  showValues(index) {
    for (const value of this.figure.querySelectorAll("[data-value]")) {
      const name = value.dataset.value;
      const isPointed = index !== null && index !== undefined;
      const number = isPointed ? this.found.columns[name][index] : this.found.whole[name];
      value.textContent = written(number, this.unit);
    }
  }

  // What was marked becomes the page's time, in its address.
  lookCloser(chart) {
    if (chart.select.width < 8) return;
    const ends = [chart.select.left, chart.select.left + chart.select.width];
    const [from, to] = ends.map((left) => new Date(chart.posToVal(left, "x") * 1000).toISOString());
    const address = new URL(location.href);
    address.searchParams.delete("range");
    address.searchParams.set("from", from);
    address.searchParams.set("to", to);
    location.assign(address);
  }

  listenToKeys() {
    if (this.plot.tabIndex === 0) return;
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", this.figure.querySelector(".chart__title").textContent);
    this.plot.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.moveTo((this.drawn.cursor.idx ?? this.found.columns.at.length) + step);
    });
    this.plot.addEventListener("focus", () => this.legend("polite"));
    this.plot.addEventListener("blur", () => {
      this.legend("off");
      this.point({ left: -10, top: -10 });
    });
  }

  legend(live) {
    this.figure.querySelector(".legend").setAttribute("aria-live", live);
  }

  moveTo(index) {
    const at = this.found.columns.at[Math.min(Math.max(index, 0), this.found.columns.at.length - 1)];
    this.point({ left: this.drawn.valToPos(at, "x"), top: 0 });
  }

  // All charts show the time at which one is pointed.
  point(at) {
    this.drawn.setCursor(at, true, true);
  }
}

function styles(element) {
  return getComputedStyle(element);
}
