// The drawing area: strokes as lists of points from 0 to 1, drawn for people in the page's colours and for the network as ink.
const penWidth = 0.075;
const keyStep = 0.02;

export class Pad {
  /** side: pixels of the ink that is sent; changed: called when there is something new to look at. */
  constructor(canvas, side, changed, say) {
    this.canvas = canvas;
    this.changed = changed;
    this.say = say;
    this.strokes = [];
    this.picture = null;
    this.pen = { x: 0.5, y: 0.5, down: false, shown: false };
    this.ink = document.createElement("canvas");
    this.ink.width = this.ink.height = side;
    canvas.addEventListener("pointerdown", event => this.begin(event));
    canvas.addEventListener("pointermove", event => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.active = undefined; });
    canvas.addEventListener("keydown", event => this.key(event));
    canvas.addEventListener("focus", () => { this.pen.shown = canvas.matches(":focus-visible"); this.paint(); });
    canvas.addEventListener("blur", () => { this.pen.shown = false; this.pen.down = false; this.paint(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
    this.paint();
  }

  get isEmpty() { return this.strokes.length === 0 && !this.picture; }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  begin(event) {
    if (event.button !== 0 || this.active !== undefined) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.active = event.pointerId;
    this.strokes.push([this.place(event)]);
    this.draw();
  }

  move(event) {
    if (event.pointerId !== this.active) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.strokes.at(-1).push(...(events.length ? events : [event]).map(one => this.place(one)));
    this.draw();
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      const [x, y] = moves[event.key];
      const far = event.shiftKey ? 4 : 1;
      this.pen.x = Math.min(1, Math.max(0, this.pen.x + x * far * keyStep));
      this.pen.y = Math.min(1, Math.max(0, this.pen.y + y * far * keyStep));
      if (this.pen.down) this.strokes.at(-1).push({ x: this.pen.x, y: this.pen.y });
    } else if (event.key === " ") {
      this.pen.down = !this.pen.down;
      if (this.pen.down) this.strokes.push([{ x: this.pen.x, y: this.pen.y }]);
      this.say(this.pen.down ? "Pen down" : "Pen up");
    } else if (event.key === "Backspace") {
      this.undo();
    } else if (event.key === "Delete") {
      this.clear();
    } else {
      return;
    }
    this.pen.shown = true;
    event.preventDefault();
    this.draw();
  }

  undo() {
    this.pen.down = false;
    if (this.strokes.length) this.strokes.pop();
    else this.picture = null;
    this.draw();
  }

  clear() {
    this.pen.down = false;
    this.strokes = [];
    this.picture = null;
    this.draw();
  }

  /** A square of ink, 0 to 255, instead of what was drawn. */
  show(side, bytes) {
    this.pen.down = false;
    this.strokes = [];
    this.picture = new OffscreenCanvas(side, side);
    const image = new ImageData(side, side);
    bytes.forEach((value, i) => image.data.set([255, 255, 255, value], 4 * i));
    this.picture.getContext("2d").putImageData(image, 0, 0);
    this.draw();
  }

  /** The ink row by row, 0 for none and 255 for the most. */
  bytes() {
    const { data } = this.ink.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, this.ink.width, this.ink.height);
    return Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3]);
  }

  draw() {
    this.paint();
    const context = this.ink.getContext("2d", { willReadFrequently: true });
    context.clearRect(0, 0, this.ink.width, this.ink.height);
    this.lay(context, this.ink.width, "#fff");
    this.changed();
  }

  paint() {
    const context = this.canvas.getContext("2d");
    const side = this.canvas.width;
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, side, side);
    this.lay(context, side, style.getPropertyValue("--pad-ink"));
    if (this.picture) {
      context.globalCompositeOperation = "source-in";
      context.fillStyle = style.getPropertyValue("--pad-ink");
      context.fillRect(0, 0, side, side);
      context.globalCompositeOperation = "source-over";
    }
    if (!this.pen.shown) return;
    context.beginPath();
    context.arc(this.pen.x * side, this.pen.y * side, penWidth * side / 2, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = style.getPropertyValue(this.pen.down ? "--against" : "--accent");
    context.stroke();
  }

  lay(context, side, colour) {
    if (this.picture) {
      context.imageSmoothingEnabled = false;
      context.drawImage(this.picture, 0, 0, side, side);
    }
    Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: penWidth * side, strokeStyle: colour });
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0].x * side, stroke[0].y * side);
      // A line that goes nowhere is not drawn: a dot goes a little way.
      if (stroke.length === 1) context.lineTo(stroke[0].x * side + 0.1, stroke[0].y * side);
      for (const point of stroke.slice(1)) context.lineTo(point.x * side, point.y * side);
      context.stroke();
    }
  }
}
