using System.IO.Compression;
using System.Security.Cryptography;
using CsCheck;
using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Tests.Data;

public class IdxTests
{
    private static readonly byte[] ThreeLabels = IdxBytes.Labels(7, 0, 9);
    private static readonly byte[] ThreeImages = IdxBytes.Images(3);

    [Fact]
    public void Images_and_labels_come_back_gzipped_or_not_with_the_identity_of_their_uncompressed_bytes() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Bool).Sample((count, height, width, compressed) =>
        {
            var pixels = Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 31)).ToArray();
            var file = IdxBytes.Images(count, height, width, pixels);
            var read = Images(compressed ? IdxBytes.Gzip(file) : file, count);
            Assert.Equal((count, height, width), (read.Count, read.Height, read.Width));
            Assert.Equal(pixels, read.Pixels.ToArray());
            Assert.Equal(new Identity(file.Length, Convert.ToHexStringLower(SHA256.HashData(file))), read.Identity);
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % 10)).ToArray();
            Assert.Equal(labels, Labels(compressed ? IdxBytes.Gzip(IdxBytes.Labels(labels)) : IdxBytes.Labels(labels)).Labels.ToArray());
        }, iter: 100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_truncation_is_refused(bool compressed)
    {
        var (images, labels) = compressed ? (IdxBytes.Gzip(ThreeImages), IdxBytes.Gzip(ThreeLabels)) : (ThreeImages, ThreeLabels);
        for (var length = 0; length < images.Length; length++)
            Refused(() => Images(images[..length], 3));
        for (var length = 0; length < labels.Length; length++)
            Refused(() => Labels(labels[..length]));
        Assert.Equal(3, Images(images, 3).Count);
        Assert.Equal(3, Labels(labels).Labels.Length);
    }

    [Fact]
    public void A_gzip_stream_with_a_flipped_bit_is_refused_or_holds_the_same_bytes()
    {
        var good = IdxBytes.Gzip(ThreeImages);
        for (var bit = 16; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(Images(good, 3).Identity, Images(bad, 3).Identity);
            }
            catch (DataException e)
            {
                OneLine(e);
            }
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_refused()
    {
        Assert.Contains("bytes too many", Refused(() => Images([.. ThreeImages, 0], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("bytes too many", Refused(() => Labels([.. ThreeLabels, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("bytes too many", Refused(() => Labels(IdxBytes.Gzip([.. ThreeLabels, 0]))).Message, StringComparison.Ordinal);
        Assert.Contains("bytes too many", Refused(() => Labels([.. IdxBytes.Gzip(ThreeLabels), .. IdxBytes.Gzip(ThreeLabels)])).Message, StringComparison.Ordinal);
        Assert.Contains("something follows", Refused(() => Labels([.. IdxBytes.Gzip(ThreeLabels), 1, 2, 3, 4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_magic_number_is_refused_and_exchanged_files_are_recognised()
    {
        Assert.Contains("exchanged", Refused(() => Images(ThreeLabels, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("exchanged", Refused(() => Labels(ThreeImages)).Message, StringComparison.Ordinal);
        Assert.Contains("found 0x00000D03", Refused(() => Images(IdxBytes.File(0xD03, [3, 3, 2], new byte[18]), 3)).Message, StringComparison.Ordinal);
        Assert.Contains("found 0x89504E47", Refused(() => Images([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 3u, 2u)]
    [InlineData(3u, 0u, 2u)]
    [InlineData(3u, 3u, 0u)]
    [InlineData(3u, 1025u, 2u)]
    [InlineData(3u, 3u, 0xFFFFFFFFu)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(10_000_001u, 1u, 1u)]
    [InlineData(10_000_000u, 1024u, 1024u)]
    [InlineData(4u, 3u, 2u)]
    public void Sizes_that_make_no_sense_are_refused(uint count, uint height, uint width) =>
        Refused(() => Images(IdxBytes.File(0x803, [count, height, width], new byte[18]), count is 4 or 0 ? 3 : (int)Math.Min(count, int.MaxValue)));

    [Theory]
    [InlineData(0u)]
    [InlineData(10_000_001u)]
    [InlineData(0xFFFFFFFFu)]
    public void Counts_of_labels_that_make_no_sense_are_refused(uint count) => Refused(() => Labels(IdxBytes.File(0x801, [count], [1, 2, 3])));

    [Fact]
    public void Labels_out_of_range_are_named()
    {
        var e = Refused(() => Labels(IdxBytes.Labels(0, 1, 10)));
        Assert.Equal(("0 to 9", "10"), (e.Expected, e.Found));
        Assert.Contains("label 2 (from 0)", e.Problem, StringComparison.Ordinal);
        Assert.Equal(3, Idx.ReadLabels(new MemoryStream(IdxBytes.Labels(0, 1, 10)), "labels", 11).Labels.Length);
    }

    [Fact]
    public void A_count_that_disagrees_with_the_labels_is_refused_before_the_pixels_are_read()
    {
        using var stream = new CountingStream(IdxBytes.Images(5, 1000, 1000, new byte[5_000_000]));
        var e = Refused(() => Idx.ReadImages(stream, "images", 4));
        Assert.Equal(("4 images, one for each label", "5"), (e.Expected, e.Found));
        Assert.True(stream.Count < 100, $"{stream.Count} bytes were read");
    }

    [Fact]
    public void A_gzip_bomb_stops_at_the_first_byte_past_the_size_of_its_header()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(IdxBytes.Labels(1, 2, 3));
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++)
                gzip.Write(zeros);
        }

        using var stream = new CountingStream(bomb.ToArray());
        Refused(() => Idx.ReadLabels(stream, "labels", 10));
        Assert.True(stream.Count < bomb.Length / 2, $"{stream.Count} of {bomb.Length} bytes were read");
        Assert.Equal(1001, Idx.Identify(new MemoryStream(bomb.ToArray()), "labels", 1000).Bytes);
    }

    [Fact]
    public void A_short_file_cannot_claim_memory()
    {
        var file = IdxBytes.File(0x803, [1000, 1024, 1024], new byte[100]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(() => Images(file, 1000));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_message_is_one_line_whatever_the_name_holds() =>
        Assert.Equal("a b: wrong: expected 1, found 2. Go on.", new DataException("a\nb", "wrong", "1", "2", "Go on.").Message);

    [Fact]
    public void A_disk_that_fails_is_told_in_its_own_words() => Assert.Equal(
        "labels: cannot be read: found Input/output error.", Refused(() => Idx.ReadLabels(new FailingStream(IdxBytes.Labels(1, 2)), "labels", 10)).Message);

    private static IdxImages Images(byte[] file, int count) => Idx.ReadImages(new MemoryStream(file), "images", count);

    private static IdxLabels Labels(byte[] file) => Idx.ReadLabels(new MemoryStream(file), "labels", 10);

    private static DataException Refused(Action read) => OneLine(Assert.Throws<DataException>(read));

    private static DataException OneLine(DataException e)
    {
        Assert.DoesNotContain('\n', e.Message);
        Assert.StartsWith(e.File, e.Message, StringComparison.Ordinal);
        return e;
    }

    /// <summary>Counts the bytes that are read from it.</summary>
    private sealed class CountingStream(byte[] content) : MemoryStream(content)
    {
        public long Count { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            Count += read;
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            var read = base.Read(buffer);
            Count += read;
            return read;
        }
    }

    /// <summary>Has a length, and fails when it is read.</summary>
    private sealed class FailingStream(byte[] content) : MemoryStream(content)
    {
        public override int ReadByte() => throw new IOException("Input/output error.");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("Input/output error.");

        public override int Read(Span<byte> buffer) => throw new IOException("Input/output error.");
    }
}
