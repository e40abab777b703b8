using FunctionalLeNet.Core.Formats;

namespace FunctionalLeNet.Tests.Formats;

public class DataExceptionTests
{
    [Theory]
    [InlineData("", "", "", "f: it is broken.")]
    [InlineData("a", "", "", "f: it is broken: expected a.")]
    [InlineData("", "b", "", "f: it is broken: found b.")]
    [InlineData("a", "b", "", "f: it is broken: expected a, found b.")]
    [InlineData("a", "b", "Mend it.", "f: it is broken: expected a, found b. Mend it.")]
    [InlineData("", "b\nc\u001b", "Mend it.", "f: it is broken: found b c . Mend it.")]
    public void What_was_expected_and_found_and_what_to_do_stand_in_one_line(string expected, string found, string advice, string message)
    {
        var error = new DataException("f", "it is broken", expected, found, advice);
        Assert.Equal(message, error.Message);
        Assert.Equal(("f", "it is broken", expected, found, advice), (error.File, error.Problem, error.Expected, error.Found, error.Advice));
    }
}
