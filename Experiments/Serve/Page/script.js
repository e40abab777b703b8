import { Pad } from "./draw.js";
import { base64, bytes, colours, grid, largestOf, map as picture, numbers } from "./maps.js";

const side = 140;
const $ = id => document.getElementById(id);
const state = { runs: [], look: null, filters: null, chosen: 0, asking: false, again: false, answers: 0 };

async function ask(path, options) {
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function say(text) {
  state.failed = false;
  $("message").textContent = text;
}

function fail(error) {
  say(error.message);
  state.failed = true;
}

const run = () => state.runs[$("run").selectedIndex];
const step = () => run().steps[+$("step").value];

// One request at a time; what changes meanwhile is asked about when it has come.
async function look() {
  if (state.asking) { state.again = true; return; }
  state.asking = true;
  do {
    state.again = false;
    if (pad.isEmpty) { forget(); continue; }
    try {
      const body = JSON.stringify({ run: run().name, step: step(), side, ink: base64(pad.bytes()) });
      state.look = await ask("api/look", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (!pad.isEmpty) show();
    } catch (error) {
      fail(error);
    }
  } while (state.again);
  state.asking = false;
}

function forget() {
  state.look = null;
  $("digit").innerHTML = '<span aria-hidden="true">?</span>';
  probabilities(new Array(10).fill(0), -1);
  for (const canvas of [$("seen"), $("matters"), ...$("layers").querySelectorAll("canvas"), ...$("choice").querySelectorAll("canvas")]) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  $("time").textContent = "";
  $("none").textContent = "";
  $("matters-text").textContent = "Which pixels matter";
  feeds();
}

function probabilities(shares, best) {
  const list = $("probabilities");
  if (!list.children.length)
    for (let digit = 0; digit < 10; digit++) {
      const item = document.createElement("li");
      item.innerHTML = `<span>${digit}</span><meter min="0" max="1" value="0" aria-label="${digit}"></meter><span class="share"></span>`;
      list.append(item);
    }
  shares.forEach((share, digit) => {
    const item = list.children[digit];
    item.className = digit === best ? "best" : "";
    item.children[1].value = share;
    item.children[2].textContent = best < 0 ? "" : `${(100 * share).toFixed(1)} %`;
  });
}

function show() {
  const { look } = state;
  if (!look) return;
  if (state.failed) say("");
  probabilities(look.probabilities, look.digit);
  picture($("seen"), bytes(look.ink), 28, 28, 255, colours());
  const matters = numbers(look.matters);
  picture($("matters"), matters, 28, 28, largestOf(matters), colours("--for", "--against"));
  $("matters-text").innerHTML = `<span class="whole"><span class="swatch for"></span> more ink speaks for ${look.digit}</span>, <span class="whole"><span class="swatch against"></span> against</span>`;
  look.layers.forEach((layer, i) => maps(layer, $("layers").children[i] ?? addLayer()));
  choice();
  feeds();
  $("time").textContent = `computed in ${look.milliseconds.toFixed(1)} ms`;
  const none = 1 - look.probabilities.reduce((sum, share) => sum + share, 0);
  $("none").textContent = none > 0.0005 ? `None of them: ${(100 * none).toFixed(1)} %` : "";
  $("digit").textContent = look.digit;
  $("digit").setAttribute("aria-label", `It is a ${look.digit}, ${(100 * look.probabilities[look.digit]).toFixed(0)} percent`);
  $("digit").dataset.answers = ++state.answers;
}

function addLayer() {
  const row = document.createElement("div");
  row.className = "layer";
  row.innerHTML = '<div><h3></h3><p></p></div><canvas class="pixels" role="img"></canvas>';
  $("layers").append(row);
  return row;
}

function maps(layer, row) {
  const [count, height, width] = layer.shape.length === 3 ? layer.shape : [layer.shape[0], 1, 1];
  const values = numbers(layer.values);
  row.querySelector("h3").textContent = layer.path;
  row.querySelector("p").textContent = `${layer.layer}: ${layer.shape.join("×")}`;
  const canvas = row.querySelector("canvas");
  // Numbers that are no maps are small squares; a row of ten is as good as twenty.
  const cell = height === 1 ? (count > 20 ? 4 : 10) : 1;
  const pixel = height === 1 ? 2 : height > 20 ? 2 : height > 9 ? 3 : height > 4 ? 5 : 7;
  const room = Math.max(160, row.clientWidth - (row.clientWidth > 500 ? 230 : 0));
  const columns = Math.min(count, Math.max(1, Math.floor(room / ((width * cell + 1) * pixel) - 0.1)));
  grid(canvas, values, { count, height, width, columns, largest: largestOf(values), palette: colours(), cell });
  canvas.style.width = `${canvas.width * pixel}px`;
  canvas.setAttribute("aria-label", `${layer.path}: ${count} ${height === 1 ? "numbers" : `maps of ${height} by ${width}`}, the strongest ${strongest(values, height * width)}`);
}

// Which map, or number, has the largest mean.
function strongest(values, size) {
  let best = 0, most = -Infinity;
  for (let map = 0; map < values.length / size; map++) {
    const mean = values.subarray(map * size, (map + 1) * size).reduce((sum, value) => sum + value, 0) / size;
    if (mean > most) [best, most] = [map, mean];
  }
  return best;
}

function layerBefore(path) {
  const place = state.look.layers.findIndex(layer => layer.path === path);
  return state.look.layers[place - 1];
}

function second() { return state.filters?.convolutions[1]; }

function choice() {
  const c3 = second();
  if (!c3) return;
  const group = $("choice");
  while (group.children.length > c3.outputs) group.lastChild.remove();
  while (group.children.length < c3.outputs) {
    const map = group.children.length;
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `<canvas class="pixels" width="1" height="1" aria-hidden="true"></canvas><span>${map}</span>`;
    button.addEventListener("click", () => { state.chosen = map; choice(); feeds(); });
    group.append(button);
  }
  const layer = state.look?.layers.find(one => one.path === c3.path);
  [...group.children].forEach((button, map) => {
    button.setAttribute("aria-pressed", map === state.chosen);
    button.setAttribute("aria-label", `Map ${map} of ${c3.path}`);
    if (!layer) return;
    const [, height, width] = layer.shape;
    const values = numbers(layer.values);
    picture(button.querySelector("canvas"), values.subarray(map * height * width), height, width, largestOf(values), colours());
  });
}

function strength(kernel) { return Math.sqrt(kernel.reduce((sum, value) => sum + value * value, 0)); }

// What the chosen map sees: each input map, the kernel over it, and how strong that is.
function feeds() {
  const c3 = second();
  const list = $("feeds");
  if (!c3) return;
  state.chosen = Math.min(state.chosen, c3.outputs - 1);
  const all = numbers(c3.kernels), size = c3.height * c3.width;
  const first = c3.connections.slice(0, state.chosen).reduce((sum, inputs) => sum + inputs.length, 0);
  const seen = c3.connections[state.chosen].map((input, i) => ({ input, kernel: all.subarray((first + i) * size, (first + i + 1) * size) }));
  const strongestOfAll = Math.max(...seen.map(one => strength(one.kernel)));
  $("feeds-title").textContent = `Map ${state.chosen} sees ${seen.length} of ${c3.inputs} maps`;
  list.replaceChildren(...seen.map(({ input, kernel }) => {
    const item = document.createElement("li");
    const share = (100 * strength(kernel) / strongestOfAll).toFixed(0);
    item.innerHTML = `<canvas class="pixels" width="1" height="1" role="img" aria-label="Map ${input}"></canvas><canvas class="pixels" role="img" aria-label="Its kernel"></canvas><span>${input}: ${share} %</span>`;
    const [map, weights] = item.querySelectorAll("canvas");
    picture(weights, kernel, c3.height, c3.width, largestOf(all), colours());
    if (state.look) {
      const layer = layerBefore(c3.path), [, height, width] = layer.shape, values = numbers(layer.values);
      picture(map, values.subarray(input * height * width), height, width, largestOf(values), colours());
    }
    return item;
  }));
  table(all);
}

// The paper's table I: a row for each input map, a column for each output map, a kernel where they are connected.
function table(all) {
  const c3 = second(), area = c3.height * c3.width, cells = new Float32Array(c3.inputs * c3.outputs * area);
  let place = 0;
  c3.connections.forEach((inputs, output) => inputs.forEach(input => cells.set(all.subarray(place * area, ++place * area), (input * c3.outputs + output) * area)));
  grid($("table"), cells, { count: c3.inputs * c3.outputs, height: c3.height, width: c3.width, columns: c3.outputs, largest: largestOf(all), palette: colours(), marked: state.chosen });
  const pixel = Math.min(6, Math.max(2, Math.floor(1080 / $("table").width)));
  $("table").style.width = `${$("table").width * pixel}px`;
  $("table").setAttribute("aria-label", `A kernel for each of the ${place} connections from ${c3.inputs} maps, in rows, to ${c3.outputs} maps of ${c3.path}, in columns; the column of map ${state.chosen} is marked`);
}

function showFilters() {
  const [c1, c3] = state.filters.convolutions;
  const first = numbers(c1.kernels), size = c1.height * c1.width, palette = colours();
  $("filters").replaceChildren(...Array.from({ length: c1.outputs }, (_, map) => {
    const canvas = document.createElement("canvas");
    canvas.className = "pixels";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Filter ${map} of ${c1.path}`);
    picture(canvas, first.subarray(map * size, (map + 1) * size), c1.height, c1.width, largestOf(first), palette);
    return canvas;
  }));
  if (!c3) return;
  const whole = c3.inputs * c3.outputs, connected = c3.connections.reduce((sum, inputs) => sum + inputs.length, 0);
  $("connections-text").textContent = connected === whole
    ? `${c3.path}: each of ${c3.outputs} maps sees all ${c3.inputs} maps before it; how much of each, the strength of its kernel says. Choose a map.`
    : `${c3.path}: ${connected} of ${whole} connections, as in table I of the paper, so that maps learn different things. Choose a map.`;
  choice();
  feeds();
}

async function moment() {
  $("step-text").textContent = `after ${step().toLocaleString("en")} of ${run().steps.at(-1).toLocaleString("en")} steps`;
  $("step").setAttribute("aria-valuetext", $("step-text").textContent);
  const query = new URLSearchParams({ run: run().name, step: step() });
  try {
    state.filters = await ask(`api/filters?${query}`);
    showFilters();
    await look();
  } catch (error) {
    fail(error);
  }
}

function runChosen() {
  $("step").max = run().steps.length - 1;
  $("step").value = $("step").max;
  $("step").disabled = run().steps.length < 2;
  $("layers").replaceChildren();
  return moment();
}

async function open(file) {
  try {
    const found = await ask("api/picture", { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    pad.show(found.side, bytes(found.ink));
  } catch (error) {
    pad.clear();
    fail(error);
  }
}

const pad = new Pad($("pad"), side, () => { requestAnimationFrame(look); }, say);
$("clear").addEventListener("click", () => { pad.clear(); forget(); say(""); });
$("undo").addEventListener("click", () => pad.undo());
$("open").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { if ($("file").files[0]) open($("file").files[0]); $("file").value = ""; });
$("pad").addEventListener("dragover", event => event.preventDefault());
$("pad").addEventListener("drop", event => { event.preventDefault(); if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]); });
$("run").addEventListener("change", runChosen);
$("step").addEventListener("input", moment);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { show(); if (state.filters) showFilters(); });
addEventListener("resize", () => show());

probabilities(new Array(10).fill(0), -1);
try {
  const { runs, problems } = await ask("api/runs");
  state.runs = runs;
  $("run").replaceChildren(...runs.map(one => new Option(`${one.name}: ${one.experiment}${one.test_accuracy ? `, ${(100 * one.test_accuracy).toFixed(2)} %` : ""}`)));
  if (problems.length) say(problems[0]);
  await runChosen();
} catch (error) {
  fail(error);
}
