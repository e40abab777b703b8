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
  return { paper: rgb("--card"), positive: rgb(positive), negative: rgb(negative), line: rgb("--line") };
}

function put(image, x, y, share, { paper, positive, negative }) {
  const to = share < 0 ? negative : positive;
  const t = Math.min(1, Math.abs(share)) ** 0.8;
  image.data.set([0, 1, 2].map(i => paper[i] + t * (to[i] - paper[i])).concat(255), 4 * (y * image.width + x));
}

/** Maps side by side with a line between them; largest: the number that gets the full colour. */
export function grid(canvas, values, count, height, width, columns, largest, palette) {
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (width + 1) - 1;
  canvas.height = rows * (height + 1) - 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < image.data.length; i += 4) image.data.set([...palette.line, 255], i);
  for (let map = 0; map < count; map++) {
    const left = (map % columns) * (width + 1), top = Math.floor(map / columns) * (height + 1);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) put(image, left + x, top + y, values[(map * height + y) * width + x] / largest, palette);
  }
  context.putImageData(image, 0, 0);
}

export function largestOf(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}
