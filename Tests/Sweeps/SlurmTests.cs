using FunctionalLeNet.Experiments.Cli.Sweeps;

namespace FunctionalLeNet.Tests.Sweeps;

public class SlurmTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1-3", 1, 2, 3)]
    [InlineData("1,3-4,9", 1, 3, 4, 9)]
    public void Numbers_that_follow_one_another_are_a_range(string text, params int[] numbers) => Assert.Equal(text, Slurm.Ranges(numbers));

    [SkippableTheory]
    [InlineData("plain", "plain")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    [InlineData("$(touch x)`\"\\\n*", "'$(touch x)`\"\\\n*'")]
    public void A_word_is_itself_to_a_shell(string word, string quoted)
    {
        Assert.Equal(quoted, Shell.Word(word));
        Programs.SkipWithout("bash");
        Assert.Equal($"[{word}]", Programs.Run("bash", ["-c", $"printf '[%s]' {Shell.Line([word])}"]).Output);
    }
}
