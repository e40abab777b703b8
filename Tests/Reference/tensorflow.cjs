// SAME padding and the truncated normal as TensorFlow has them, by @tensorflow/tfjs on its CPU backend -> tensorflow.json.
// Images and kernels are written in PyTorch's order: (N, C, H, W) and (out, in, kh, kw).

const fs = require("fs");
const path = require("path");
const tf = require("@tensorflow/tfjs");

const numbers = (tensor) => Array.from(tensor.dataSync(), (value) => Number(value.toPrecision(9)));
const images = (tensor) => numbers(tf.transpose(tensor, [0, 3, 1, 2]));
const kernels = (tensor) => numbers(tf.transpose(tensor, [3, 2, 0, 1]));

let seed = 1;
const normal = (shape) => tf.randomNormal(shape, 0, 1, "float32", seed++);

// The value, and the gradients of a random weighting of it.
function gradients(compute, inputs) {
  const output = compute(...inputs);
  const upstream = normal(output.shape);
  return [output, upstream, tf.grads((...leaves) => tf.sum(tf.mul(compute(...leaves), upstream)))(inputs)];
}

function convolution(height, width, kernelHeight, kernelWidth, stride) {
  const [channels, outputs, batch] = [2, 3, 2];
  const input = normal([batch, height, width, channels]);
  const weight = normal([kernelHeight, kernelWidth, channels, outputs]);
  const [output, upstream, [inputGradient, weightGradient]] = gradients((x, w) => tf.conv2d(x, w, stride, "same"), [input, weight]);
  return {
    operation: "conv2d", batch, channels, height, width, outputs, kernel: [kernelHeight, kernelWidth], stride, output_size: output.shape.slice(1, 3),
    input: images(input), weight: kernels(weight), output: images(output), upstream: images(upstream),
    input_gradient: images(inputGradient), weight_gradient: kernels(weightGradient),
  };
}

function pooling(operation, pool, height, width, windowHeight, windowWidth, stride) {
  const [channels, batch] = [2, 3];
  const input = normal([batch, height, width, channels]);
  const [output, upstream, [inputGradient]] = gradients((x) => pool(x, [windowHeight, windowWidth], stride, "same"), [input]);
  return {
    operation, batch, channels, height, width, kernel: [windowHeight, windowWidth], stride, output_size: output.shape.slice(1, 3),
    input: images(input), output: images(output), upstream: images(upstream),
    // tfjs divides the gradient of an average by the whole window, though its value counts no padding: that is no derivative.
    ...(operation === "avg_pool2d" ? {} : { input_gradient: images(inputGradient) }),
  };
}

function flatten() {
  const input = normal([2, 3, 2, 4]);
  return { operation: "flatten", batch: 2, channels: 4, height: 3, width: 2, input: images(input), output: numbers(tf.reshape(input, [2, 24])) };
}

function truncatedNormal(count, deviation) {
  const values = Float32Array.from(tf.truncatedNormal([count], 0, deviation, "float32", 7).dataSync()).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return {
    operation: "truncated_normal", count, deviation, mean,
    standard_deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count),
    // 1 %, 2 %, …, 99 %.
    quantiles: Array.from({ length: 99 }, (_, i) => values[Math.floor(((i + 1) / 100) * count)]),
    smallest: values[0], largest: values[count - 1],
  };
}

tf.setBackend("cpu").then(() => {
  const cases = [];
  for (const [height, width, kernelHeight, kernelWidth, stride] of [
    [7, 6, 5, 5, 1], [6, 7, 4, 2, 1], [7, 6, 3, 3, 2], [8, 5, 4, 5, 2], [7, 9, 5, 4, 3], [5, 4, 1, 1, 2], [6, 5, 2, 2, 3], [3, 2, 5, 5, 1],
  ])
    cases.push(convolution(height, width, kernelHeight, kernelWidth, stride));
  for (const [operation, pool] of [["max_pool2d", tf.maxPool], ["avg_pool2d", tf.avgPool]])
    for (const [height, width, windowHeight, windowWidth, stride] of [
      [6, 4, 2, 2, 2], [7, 5, 2, 2, 2], [5, 6, 3, 2, 2], [7, 8, 3, 3, 3], [5, 5, 3, 3, 1], [4, 7, 2, 2, 3], [6, 5, 4, 3, 2],
    ])
      cases.push(pooling(operation, pool, height, width, windowHeight, windowWidth, stride));
  cases.push(flatten(), truncatedNormal(50_000, 0.1));
  const text = `{"made_by":"tensorflow.cjs, tfjs ${tf.version.tfjs}","cases":[\n${cases.map((item) => JSON.stringify(item)).join(",\n")}\n]}\n`;
  fs.writeFileSync(path.join(__dirname, "tensorflow.json"), text);
  console.log(`${cases.length} cases, ${text.length} characters`);
});
