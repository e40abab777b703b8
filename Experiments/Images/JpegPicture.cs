using System.Runtime.CompilerServices;
using FunctionalLeNet.Core.Formats;
using JpegLibrary;

namespace FunctionalLeNet.Experiments.Images;

/// <summary>JPEG files: decoded by JpegLibrary, turned as their camera was held (ITU-T T.81; JFIF; Exif 2.32).</summary>
internal static class JpegPicture
{
    private const int Colours = 3;

    /// <summary>Reads a picture. Of colours only their luma is kept, which stands in the file as the first component.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="DataException">It is damaged, too large, or of a kind that is not read.</exception>
    public static GreyImage Read(byte[] bytes, string file)
    {
        try
        {
            var decoder = new JpegDecoder();
            decoder.SetInput(bytes);
            decoder.Identify();
            var (width, height) = PictureFile.Size(decoder.Width, decoder.Height, file);
            if (decoder.NumberOfComponents is not (1 or Colours) || decoder.Precision != 8)
                throw new DataException(file, "this JPEG is of a kind that is not read", "grey or colours of 8 bits", $"{decoder.NumberOfComponents} components of {decoder.Precision} bits", "Save it as PNG.");
            var planes = new Planes(width, height, decoder.NumberOfComponents == Colours && JpegSegments.IsRgb(bytes) ? Colours : 1);
            decoder.SetOutputWriter(planes);
            decoder.Decode();
            return JpegSegments.Orientation(bytes).Turned(planes.ToGrey());
        }
#pragma warning disable CA1031 // Whatever a decoder throws on damaged data says the same to who gave it the file.
        catch (Exception e) when (e is not (DataException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw PictureFile.Damaged("JPEG", e, file);
        }
    }

    /// <summary>Where the decoder puts its blocks of 8×8: a plane a component that is wanted.</summary>
    private sealed class Planes(int width, int height, int components) : JpegBlockOutputWriter
    {
        private const int Side = 8;
        private readonly byte[][] _planes = [.. Enumerable.Range(0, components).Select(_ => new byte[width * height])];

        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            if (componentIndex >= components)
                return;
            var (plane, right, bottom) = (_planes[componentIndex], Math.Min(width - x, Side), Math.Min(height - y, Side));
            for (var row = 0; row < bottom; row++)
                for (var column = 0; column < right; column++)
                    plane[((y + row) * width) + x + column] = (byte)Math.Clamp(Unsafe.Add(ref blockRef, (row * Side) + column), (short)0, (short)255);
        }

        public GreyImage ToGrey() => components == 1
            ? new(width, height, _planes[0])
            : new(width, height, _planes[0].Select((red, i) => (byte)(((299 * red) + (587 * _planes[1][i]) + (114 * _planes[2][i]) + 500) / 1_000)).ToArray());
    }
}
