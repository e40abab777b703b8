// Numbers as pictures: zero is the page's paper, what is above zero goes to its ink, what is below to another colour.

/** From the server's bytes to numbers. */
export function numbers({ scale, bytes }) {
  const text = atob(bytes);
  return Float32Array.from({ length: text.length }, (_, i) => scale * (text.charCodeAt(i) - 128));
}

/** From base64 to bytes. */
export function bytes(text) {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}

/** To base64 from bytes. */
export function base64(values) {
  let text = "";
  for (let i = 0; i < values.length; i += 4096) text += String.fromCharCode(...values.subarray(i, i + 4096));
  return btoa(text);
}

/** The page's colours now, as three numbers each. */
export function colours(positive = "--positive", negative = "--negative") {
  const style = getComputedStyle(document.documentElement);
  const rgb = name => [1, 3, 5].map(i => parseInt(style.getPropertyValue(name).trim().slice(i, i + 2), 16));
  return { paper: rgb("--card"), positive: rgb(positive), negative: rgb(negative), line: rgb("--line"), mark: rgb("--accent") };
}

function shade(share, { paper, positive, negative }) {
  const to = share < 0 ? negative : positive;
  const t = Math.min(1, Math.abs(share)) ** 0.8;
  return [0, 1, 2].map(i => paper[i] + t * (to[i] - paper[i]));
}

/**
 * Maps side by side, each in a frame of a pixel; a map of one number is a square of `cell` pixels.
 * largest: the number that gets the full colour. marked: the column whose frames stand out.
 */
export function grid(canvas, values, { count = 1, height, width, columns = 1, largest, palette, cell = 1, marked = -1 }) {
  const across = width * cell + 1, down = height * cell + 1;
  canvas.width = columns * across + 1;
  canvas.height = Math.ceil(count / columns) * down + 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const put = (x, y, colour) => image.data.set([...colour, 255], 4 * (y * image.width + x));
  const frame = (map, colour) => {
    const left = (map % columns) * across, top = Math.floor(map / columns) * down;
    for (let x = 0; x <= across; x++) { put(left + x, top, colour); put(left + x, top + down, colour); }
    for (let y = 0; y <= down; y++) { put(left, top + y, colour); put(left + across, top + y, colour); }
  };
  for (let map = 0; map < count; map++) {
    const left = (map % columns) * across + 1, top = Math.floor(map / columns) * down + 1;
    frame(map, palette.line);
    for (let y = 0; y < height * cell; y++)
      for (let x = 0; x < width * cell; x++)
        put(left + x, top + y, shade(values[(map * height + Math.floor(y / cell)) * width + Math.floor(x / cell)] / largest, palette));
  }
  for (let map = marked; marked >= 0 && map < count; map += columns) frame(map, palette.mark);
  context.putImageData(image, 0, 0);
}

/** One map without a frame, as large as it is. */
export function map(canvas, values, height, width, largest, palette) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set([...shade(values[i] / largest, palette), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

export function largestOf(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}
