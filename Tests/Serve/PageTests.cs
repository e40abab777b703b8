using Deque.AxeCore.Playwright;
using FunctionalLeNet.Core.Kernels;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Training;
using FunctionalLeNet.Fuzzing;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;
using Microsoft.Playwright;

namespace FunctionalLeNet.Tests.Serve;

/// <summary>The page in a real browser.</summary>
/// <param name="chromium">The browser.</param>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private static readonly (double X, double Y)[] Seven = [(25, 20), (75, 20), (45, 85)];
    private static readonly (double X, double Y)[][] Four = [[(58, 14), (22, 60), (80, 60)], [(62, 38), (62, 88)]];
    private static readonly (double X, double Y)[] Three = [(28, 20), (46, 11), (67, 18), (69, 34), (48, 47), (71, 59), (74, 76), (50, 89), (26, 81)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_digit_drawn_stroke_by_stroke_is_read_and_every_layer_is_shown()
    {
        await using var browser = await BrowserPage.Open(chromium, _folder.Path);
        Assert.Equal("?", await browser.Digit());
        await browser.Draw(Seven);
        Assert.Equal("7", await browser.Digit());
        await browser.Page.Locator("#clear").ClickAsync();
        Assert.Equal("?", await browser.Digit());
        await browser.Draw(Four);
        Assert.Equal("4", await browser.Digit());
        Assert.Equal(
            ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2"], await browser.Page.Locator("#layers h3").AllTextContentsAsync());
        Assert.Equal(10, await browser.Page.Locator("#probabilities li").CountAsync());
        Assert.StartsWith("computed in ", await browser.Page.Locator("#time").TextContentAsync(), StringComparison.Ordinal);
        await Screenshot(browser, "light");
        Assert.Empty(browser.Problems);
        Assert.All(browser.Requests, address => Assert.StartsWith(browser.Address.ToString(), address, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Axe_finds_nothing(ColorScheme scheme, int width)
    {
        await using var browser = await BrowserPage.Open(chromium, _folder.Path, scheme: scheme, width: width, height: 844);
        await Nothing();
        await browser.Draw(Three);
        Assert.Equal("3", await browser.Digit());
        await Nothing();
        await Screenshot(browser, $"{scheme}-{width}");
        // Nothing lies beyond the edge of a phone.
        Assert.Equal(width, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        async Task Nothing() => Assert.Empty((await browser.Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Help} {string.Join("; ", violation.Nodes.Select(node => node.Html))}"));
    }

    /// <summary>Without a mouse: to the drawing area, the pen moved and put down, a stroke taken back, and the result announced.</summary>
    [SkippableFact]
    public async Task A_digit_can_be_drawn_by_keyboard()
    {
        await using var browser = await BrowserPage.Open(chromium, _folder.Path);
        var keyboard = browser.Page.Keyboard;
        for (var presses = 0; presses < 6 && await Focused() != "pad"; presses++)
            await keyboard.PressAsync("Tab");
        Assert.Equal("pad", await Focused());
        await Press("ArrowUp", 15);
        await keyboard.PressAsync("Space");
        Assert.Equal("Pen down", await browser.Page.Locator("#message").TextContentAsync());
        await Press("ArrowDown", 30);
        await keyboard.PressAsync("Space");
        await browser.Page.WaitForFunctionAsync("() => document.getElementById('digit').textContent === '1'");
        Assert.Contains("It is a 1", await browser.Page.Locator("#digit").GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await keyboard.PressAsync("Backspace");
        await browser.Page.WaitForFunctionAsync("() => document.getElementById('digit').textContent === '?'");
        Assert.Empty(browser.Problems);

        async Task<string> Focused() => await browser.Page.EvaluateAsync<string>("document.activeElement.id");

        async Task Press(string key, int times)
        {
            for (var i = 0; i < times; i++)
                await keyboard.PressAsync(key);
        }
    }

    [SkippableFact]
    public async Task The_slider_and_the_runs_show_other_networks()
    {
        Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "runs/mine")).Code);
        await using var browser = await BrowserPage.Open(chromium, _folder.Path);
        await browser.Draw(Seven);
        var filters = await Filters();
        var before = await browser.Answers();
        await browser.Page.Locator("#step").FocusAsync();
        await browser.Page.Keyboard.PressAsync("Home");
        await browser.Settled(before);
        Assert.Equal("after 0 of 1,876 steps", await browser.Page.Locator("#step-text").TextContentAsync());
        Assert.NotEqual(filters, await Filters());
        await Screenshot(browser, "start");

        before = await browser.Answers();
        await browser.Page.Locator("#run").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await browser.Settled(before);
        Assert.Equal("after 6 of 6 steps", await browser.Page.Locator("#step-text").TextContentAsync());
        Assert.Equal(12, await browser.Page.Locator("#layers h3").CountAsync());
        Assert.Equal(16, await browser.Page.Locator("#choice button").CountAsync());
        Assert.Equal("Map 0 sees 6 of 6 maps", await browser.Page.Locator("#feeds-title").TextContentAsync());
        Assert.Empty(browser.Problems);

        async Task<string> Filters() => await browser.Page.EvaluateAsync<string>("[...document.querySelectorAll('#filters canvas')].map(canvas => canvas.toDataURL()).join()");
    }

    /// <summary>C3 of LeNet-5 of 1998 sees what table I says.</summary>
    [SkippableFact]
    public async Task The_connections_of_1998_are_those_of_table_I()
    {
        Assert.Equal(0, CommandLine.Run(_folder, "train", "lenet-1998", "--data", "digits", "--steps", "2", "--train-limit", "4", "--test-limit", "4", "--out", "runs/paper").Code);
        await using var browser = await BrowserPage.Open(chromium, _folder.Path, "runs/paper");
        await browser.Draw(Three);
        await browser.Page.Locator("#choice button").Nth(14).ClickAsync();
        Assert.Equal("Map 14 sees 4 of 6 maps", await browser.Page.Locator("#feeds-title").TextContentAsync());
        Assert.Equal(["0", "2", "3", "5"], (await browser.Page.Locator("#feeds span").AllTextContentsAsync()).Select(text => text.Split(':')[0]));
        Assert.Contains("60 of 96 connections", await browser.Page.Locator("#connections-text").TextContentAsync(), StringComparison.Ordinal);
        await Screenshot(browser, "1998");
        Assert.Empty(browser.Problems);
    }

    /// <summary>Images of MNIST's test set, given to the page as picture files one after another: it reads what evaluation reads.</summary>
    [SkippableFact]
    public async Task Two_hundred_test_images_get_the_answers_of_evaluation()
    {
        const int count = 200;
        var test = DataSets.Load(RealData.Mnist(), DataLocations.Here(), _ => { }, CancellationToken.None).Test.Take(count);
        var model = ShippedModel.Model;
        using var workspace = new Workspace();
        var expected = Evaluate.Of(model.Experiment.Network, model.Parameters, Train.Prepare(model.Experiment, test), workspace);
        await using var browser = await BrowserPage.Open(chromium, _folder.Path);
        var pictures = Enumerable.Range(0, count).Select(i => Convert.ToBase64String(PngFile.Of(new GreyImage(test.Width, test.Height, test.Single(i).Pixels)))).ToArray();
        var answers = await browser.Page.EvaluateAsync<int[]>(
            """
            async pictures => {
              const [digit, input, answers] = [document.getElementById("digit"), document.getElementById("file"), []];
              for (const picture of pictures) {
                const before = digit.dataset.answers;
                const files = new DataTransfer();
                files.items.add(new File([Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))], "digit.png", { type: "image/png" }));
                input.files = files.files;
                input.dispatchEvent(new Event("change"));
                await new Promise(done => { const wait = () => digit.dataset.answers !== before ? done() : setTimeout(wait, 1); wait(); });
                answers.push(+digit.textContent);
              }
              return answers;
            }
            """,
            pictures);
        Assert.Equal(expected.Predictions, answers);
        Assert.Empty(browser.Problems);
    }

    private static async Task Screenshot(BrowserPage browser, string name)
    {
        if (Environment.GetEnvironmentVariable("LENET_SCREENSHOTS") is { Length: > 0 } folder)
            await browser.Page.ScreenshotAsync(new() { Path = Path.Join(folder, $"serve-{name}.png"), FullPage = true });
    }
}
