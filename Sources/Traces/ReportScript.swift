// The report page's style and script: one time axis for all plots, drawn as SVG from the data in the page.

/// Colours carry nothing alone: every state has its word, every plot its name, every fault its label.
let reportStyle = """
    :root { color-scheme: light dark; --ink: #0f172a; --dim: #64748b; --rule: #cbd5e1; --paper: #ffffff; --band: #dbeafe;
      --good: #15803d; --bad: #b91c1c; --shade: #f59e0b; --curve: #1d4ed8 }
    @media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --dim: #94a3b8; --rule: #334155; --paper: #0f172a;
      --band: #1e3a8a; --good: #4ade80; --bad: #f87171; --shade: #f59e0b; --curve: #93c5fd } }
    body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 1.5rem auto;
      max-width: 1200px; padding: 0 1rem }
    h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin: 1.2rem 0 .2rem }
    .verdict { padding: .1rem .6rem; border: 2px solid; border-radius: 6px } .good .verdict, .verdict.good, tr.good td:first-child { color: var(--good) }
    .verdict.bad, tr.bad td:first-child, tr.unmet td, tr.fault td, tr.finding td { color: var(--bad) }
    ul.bad { color: var(--bad); padding-left: 1.2rem; margin: .4rem 0 } p, .hint { color: var(--dim); margin: .2rem 0 } code { color: var(--ink) }
    table { border-collapse: collapse; width: 100%; font-size: 14px } th, td { text-align: left; padding: .2rem .6rem .2rem 0;
      border-bottom: 1px solid var(--rule); vertical-align: top } td:nth-child(2) { font-variant-numeric: tabular-nums; white-space: nowrap }
    .key { margin-right: 1.2rem; white-space: nowrap } .key i { display: inline-block; width: 1.1rem; height: .8rem; margin-right: .35rem }
    .key .shade { background: var(--shade); opacity: .4 } .key .flag { width: 0; border-left: 2px solid var(--bad) }
    .key .deed { width: 0; border-left: 2px dotted var(--dim) } td.figure { font-variant-numeric: tabular-nums; white-space: nowrap } a { color: var(--curve) } h2, h3 { break-after: avoid } .wide { overflow-x: auto }
    svg { display: block; width: 100%; min-width: 900px; user-select: none; touch-action: pan-x pan-y } svg text { fill: var(--ink); font: 12px system-ui, sans-serif }
    svg .dim { fill: var(--dim) } .axis { stroke: var(--rule) } .curve { fill: none; stroke: var(--curve); stroke-width: 1.6 }
    .band { fill: var(--band); stroke: var(--paper) } .low { fill: none; stroke: var(--rule) } .shade { fill: var(--shade); opacity: .22 }
    .edge { stroke: var(--shade); stroke-dasharray: 4 3 } .cross { stroke: var(--dim); stroke-dasharray: 2 3 }
    .pick { fill: var(--curve); opacity: .15 } .flag { stroke: var(--bad) } .unmet { stroke-width: 2.5 } .deed { stroke: var(--dim); stroke-dasharray: 2 3 }
    """

let reportScript = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const place = document.getElementById("plots");
    const left = 118, right = 74, width = 1160, plotHeight = 84, bandHeight = 22, gap = 10;
    let from = 0, to = Math.max(data.ends, 1e-3), cross = null, pick = null;
    const shapes = "http://www.w3.org/2000/svg";
    const x = t => left + (t - from) / (to - from) * (width - left - right);
    const time = px => from + (px - left) / (width - left - right) * (to - from);
    function make(parent, kind, attributes, text) {
      const node = document.createElementNS(shapes, kind);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      if (text !== undefined) node.textContent = text;
      parent.appendChild(node);
      return node;
    }
    // The last position in a rising list that is not after t.
    function before(list, t) {
      let low = 0, high = list.length;
      while (low < high) { const middle = (low + high) >> 1; if (list[middle] <= t) low = middle + 1; else high = middle; }
      return low - 1;
    }
    function valueAt(plot, t) {
      const i = before(plot.x, t);
      if (i < 0) return null;
      if (i + 1 >= plot.x.length) return plot.y[i];
      const share = (t - plot.x[i]) / (plot.x[i + 1] - plot.x[i] || 1);
      return plot.y[i] + share * (plot.y[i + 1] - plot.y[i]);
    }
    const round = v => Math.abs(v) >= 100 ? v.toFixed(0) : Math.abs(v) >= 10 ? v.toFixed(1) : v.toFixed(2);
    function clock(t) {
      const s = Math.abs(to - from) < 20 ? t.toFixed(2) : t.toFixed(0);
      if (to < 180) return s + " s";
      const h = Math.floor(t / 3600), m = Math.floor(t / 60) % 60, r = Math.floor(t) % 60;
      const two = n => String(n).padStart(2, "0");
      if (data.ends >= 172800) return Math.floor(h / 24) + " d " + two(h % 24) + ":" + two(m) + (to - from < 3600 ? ":" + two(r) : "");
      return h + ":" + two(m) + ":" + two(r);
    }
    // Instants fall on whole seconds, minutes, hours and days, and are shown to the step that lies between them.
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 2592000];
    function instants(low, high, count) {
      const rough = (high - low) / count, step = steps.find(n => n >= rough);
      if (rough < 1 || !step) return ticks(low, high, count);
      const list = [];
      for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) list.push(v);
      return list;
    }
    function ticks(low, high, count) {
      const rough = (high - low) / count, power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
      const list = [];
      for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) list.push(v);
      return list;
    }
    // As many points as the screen can show: of each pixel column the first, lowest, highest and last.
    function outline(plot, y) {
      const start = Math.max(0, before(plot.x, from)), stop = Math.min(plot.x.length - 1, before(plot.x, to) + 1);
      let path = "", column = null, low = 0, high = 0, last = 0, first = 0;
      const flush = () => {
        if (column === null) return;
        for (const v of [first, low, high, last]) path += (path ? "L" : "M") + column + " " + y(v).toFixed(1);
      };
      for (let i = start; i <= stop; i++) {
        const c = Math.round(Math.min(Math.max(x(plot.x[i]), left - 1), width - right + 1) * 2) / 2, v = plot.y[i];
        if (c !== column) { flush(); column = c; first = low = high = last = v; }
        else { low = Math.min(low, v); high = Math.max(high, v); last = v; }
      }
      flush();
      return path + (plot.x.length ? "L" + x(Math.min(to, data.ends)).toFixed(1) + " " + y(last).toFixed(1) : "");
    }
    function drawBand(svg, band, top) {
      make(svg, "text", { x: left - 8, y: top + 15, "text-anchor": "end" }, band.name.replaceAll("_", " "));
      band.words.forEach((word, i) => {
        const start = Math.max(band.x[i], from), end = Math.min(i + 1 < band.x.length ? band.x[i + 1] : data.ends, to);
        if (end <= from || start >= to) return;
        const isLow = word === "0", a = x(start), b = x(end);
        make(svg, "rect", { x: a, y: top + (isLow ? bandHeight - 6 : 2), width: Math.max(b - a, .7), height: isLow ? 1 : bandHeight - 6, class: isLow ? "low" : "band" });
        if (word !== "0" && word !== "1" && b - a > word.length * 6.6 + 6) make(svg, "text", { x: a + 4, y: top + 14 }, word.replaceAll("_", " "));
      });
      if (cross !== null) {
        const word = band.words[before(band.x, cross)];
        if (word !== undefined) make(svg, "text", { x: width - right + 6, y: top + 15, class: "dim" }, word.replaceAll("_", " ").slice(0, 11));
      }
    }
    function drawPlot(svg, plot, top) {
      let low = 0, high = 1e-9;
      for (const v of plot.y) { low = Math.min(low, v); high = Math.max(high, v); }
      if (high - low < 1e-6) high = low + 1;
      const y = v => top + plotHeight - (v - low) / (high - low) * (plotHeight - 8);
      for (const v of ticks(low, high, 3)) {
        make(svg, "line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: "axis" });
        make(svg, "text", { x: left - 8, y: y(v) + 4, "text-anchor": "end", class: "dim" }, (v + 0).toLocaleString("en", { signDisplay: "negative" }));
      }
      make(svg, "text", { x: 2, y: top + 14 }, plot.name.replaceAll("_", " "));
      make(svg, "text", { x: 2, y: top + 30, class: "dim" }, plot.unit);
      make(svg, "path", { d: outline(plot, y), class: "curve" });
      if (cross !== null) {
        const v = valueAt(plot, cross);
        if (v !== null) make(svg, "text", { x: width - right + 6, y: y(v) + 4 }, round(v) + " " + plot.unit);
      }
    }
    function drawGroup(group) {
      const bands = data.bands.filter(b => b.group === group), all = data.plots.filter(p => p.group === group);
      // What never moved is said in a line, not drawn.
      const isFlat = plot => plot.y.every(v => Math.abs(v - plot.y[0]) < 0.5), plots = all.filter(p => !isFlat(p));
      const flat = all.filter(isFlat).filter(p => p.y.length).map(p => `${p.name} ${round(p.y[0])} ${p.unit}`).join(", ");
      const shades = data.shades.filter(s => s.group === group || !s.group);
      // What comes again and again has one row.
      const names = [...new Set(shades.map(s => s.name))];
      const head = names.length ? 16 * names.length + 4 : 0;
      const height = head + bands.length * bandHeight + plots.length * (plotHeight + gap) + 26;
      const title = document.createElement("h3");
      title.textContent = group;
      place.appendChild(title);
      if (flat) {
        const note = document.createElement("p");
        note.textContent = "Did not move: " + flat.replaceAll("_", " ") + ".";
        place.appendChild(note);
      }
      const svg = make(place, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": group + ": states and quantities over time" });
      const isNamed = new Set();
      shades.forEach(s => {
        if (s.to < from || s.from > to) return;
        const i = names.indexOf(s.name);
        const a = x(Math.max(s.from, from)), b = x(Math.min(s.to, to));
        make(svg, "rect", { x: a, y: 14 + 16 * i, width: Math.max(b - a, 1.5), height: height - 34 - 16 * i, class: "shade" });
        make(svg, "line", { x1: a, x2: a, y1: 14 + 16 * i, y2: height - 20, class: "edge" });
        if (isNamed.has(s.name)) return;
        isNamed.add(s.name);
        const fits = a + s.name.length * 6.8 < width - right;
        make(svg, "text", { x: fits ? a + 3 : a - 3, y: 12 + 16 * i, "text-anchor": fits ? "start" : "end" }, "\u26A0 " + s.name);
      });
      let top = head;
      for (const band of bands) { drawBand(svg, band, top); top += bandHeight; }
      for (const plot of plots) { drawPlot(svg, plot, top); top += plotHeight + gap; }
      for (const flag of data.flags.filter(f => (f.group === group || !f.group) && f.at >= from && f.at <= to)) {
        const line = make(svg, "line", { x1: x(flag.at), x2: x(flag.at), y1: head, y2: top, class: flag.kind === "deed" ? "flag deed" : flag.kind === "unmet" ? "flag unmet" : "flag" });
        make(line, "title", {}, flag.text);
      }
      for (const t of instants(from, to, 8)) make(svg, "text", { x: x(t), y: height - 6, "text-anchor": "middle", class: "dim" }, clock(t));
      if (cross !== null) {
        make(svg, "line", { x1: x(cross), x2: x(cross), y1: head, y2: top, class: "cross" });
        make(svg, "text", { x: width - right + 6, y: height - 6 }, clock(cross));
      }
      if (pick) make(svg, "rect", { x: Math.min(pick[0], pick[1]), y: head, width: Math.abs(pick[1] - pick[0]), height: top - head, class: "pick" });
    }
    function draw() { place.textContent = ""; data.groups.forEach(drawGroup); }
    function pixel(event) {
      const svg = event.target.closest("svg");
      if (!svg) return null;
      const box = svg.getBoundingClientRect();
      return Math.min(Math.max((event.clientX - box.left) / box.width * width, left), width - right);
    }
    place.addEventListener("pointerdown", event => { const p = pixel(event); if (p !== null) pick = [p, p]; });
    place.addEventListener("pointermove", event => {
      const p = pixel(event);
      if (p === null) return;
      cross = time(p);
      if (pick) pick[1] = p;
      requestAnimationFrame(draw);
    });
    window.addEventListener("pointerup", () => {
      if (pick && Math.abs(pick[1] - pick[0]) > 4) { const a = time(Math.min(...pick)), b = time(Math.max(...pick)); from = a; to = b; }
      pick = null;
      draw();
    });
    // A finger that scrolls has not picked anything.
    window.addEventListener("pointercancel", () => { pick = null; draw(); });
    place.addEventListener("dblclick", () => { from = 0; to = Math.max(data.ends, 1e-3); draw(); });
    place.addEventListener("pointerleave", () => { cross = null; draw(); });
    draw();
    """#
