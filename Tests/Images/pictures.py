# Makes Pictures/: one small drawing in the kinds of PNG and JPEG there are, and pictures.json, what Pillow makes of each.
# python3-pil (Debian 12: 9.4.0); python3 pictures.py
import base64, json, os, struct, zlib
from PIL import Image

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "Pictures"))
W, H = 29, 23
grey = [[min(255, 8 * x + 2 * y) if (x - 14) ** 2 + (y - 11) ** 2 > 49 else 17 * ((x + y) % 4) for x in range(W)] for y in range(H)]
expected = {}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, distance):
    """Rows with the five filters in turn."""
    out, above = b"", None
    for y, row in enumerate(rows):
        above = above or bytes(len(row))
        kind = y % 5
        line = bytearray([kind])
        for i, v in enumerate(row):
            a, b, c = (row[i - distance] if i >= distance else 0), above[i], (above[i - distance] if i >= distance else 0)
            line.append((v - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
        out, above = out + bytes(line), row
    return out


def packed(samples, depth):
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def png(name, depth, colour, pixel, palette=b"", opacity=b"", interlaced=False):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    distance = max(1, depth * channels // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    data = b""
    for x0, y0, dx, dy in passes:
        rows = [packed([s for x in range(x0, W, dx) for s in pixel(x, y)], depth) for y in range(y0, H, dy)]
        data += filtered([r for r in rows if r], distance)
    content = chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, int(interlaced)))
    content += chunk(b"PLTE", palette) if palette else b""
    content += chunk(b"tRNS", opacity) if opacity else b""
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + content + chunk(b"IDAT", zlib.compress(data[:40] + data[40:], 9)) + chunk(b"IEND", b""))
    keep(name)


def keep(name):
    image = Image.open(name)
    if image.mode.startswith("I"):
        image = image.point(lambda v: v / 256).convert("L")
    if "transparency" in image.info or image.mode in ("LA", "RGBA"):
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image.convert("RGBA"))
    image = image.convert("RGB")
    turned = {3: Image.ROTATE_180, 6: Image.ROTATE_270, 8: Image.ROTATE_90, 2: Image.FLIP_LEFT_RIGHT, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE, 7: Image.TRANSVERSE}
    way = Image.open(name).getexif().get(0x0112, 1)
    image = image.transpose(turned[way]) if way in turned else image
    luma = bytes((299 * r + 587 * g + 114 * b + 500) // 1000 for r, g, b in image.getdata())
    expected[name] = {"width": image.size[0], "height": image.size[1], "pixels": base64.b64encode(luma).decode()}


colour = lambda x, y: (grey[y][x], 255 - grey[y][x], (5 * x) % 256)
for depth in (1, 2, 4, 8, 16):
    scale = (lambda v, d=depth: v * 257 if d == 16 else v >> (8 - d))
    png(f"grey{depth}.png", depth, 0, lambda x, y: (scale(grey[y][x]),))
    if depth <= 8:
        n = 1 << depth
        palette = b"".join(bytes((i * 255 // (n - 1), 255 - i * 255 // (n - 1), 40)) for i in range(n))
        png(f"palette{depth}.png", depth, 3, lambda x, y: (scale(grey[y][x]),), palette)
    if depth >= 8:
        png(f"colour{depth}.png", depth, 2, lambda x, y: tuple(scale(v) for v in colour(x, y)))
        png(f"greyalpha{depth}.png", depth, 4, lambda x, y: (scale(grey[y][x] // 2), scale(255 - 3 * x)))
        png(f"alpha{depth}.png", depth, 6, lambda x, y: tuple(scale(v // 3) for v in colour(x, y)) + (scale(8 * y),))
png("transparentpalette2.png", 2, 3, lambda x, y: (grey[y][x] >> 6,), bytes(range(0, 120, 10)), b"\x00\x80")
png("interlaced.png", 8, 0, lambda x, y: (grey[y][x],), interlaced=True)
png("interlacedcolour.png", 8, 2, colour, interlaced=True)

rgb = Image.new("RGB", (W, H))
rgb.putdata([colour(x, y) for y in range(H) for x in range(W)])
for name, image, options in [
    ("grey.jpg", rgb.convert("L"), {}),
    ("full.jpg", rgb, {"subsampling": 0}),
    ("half.jpg", rgb, {"subsampling": 1}),
    ("quarter.jpg", rgb, {"subsampling": 2}),
    ("progressive.jpg", rgb, {"progressive": True}),
]:
    image.save(name, quality=90, **options)
    keep(name)
for way in range(2, 9):
    exif = Image.Exif()
    exif[0x0112] = way
    rgb.convert("L").save(f"turned{way}.jpg", quality=90, exif=exif)
    keep(f"turned{way}.jpg")
rgb.convert("CMYK").save("fourcolours.jpg")
rgb.save("picture.gif")
rgb.save("picture.webp")
json.dump(expected, open("pictures.json", "w"), indent=0)
