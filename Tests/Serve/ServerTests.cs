using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using FunctionalLeNet.Experiments.Serve;
using FunctionalLeNet.Fuzzing;
using FunctionalLeNet.Tests.Cli;
using FunctionalLeNet.Tests.Data;

namespace FunctionalLeNet.Tests.Serve;

public sealed class ServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A one, in a square of 140 pixels.</summary>
    internal static byte[] One { get; } = GreyImage.Of(140, 140, (x, y) => x is >= 64 and < 76 && y is >= 30 and < 110 ? (byte)255 : (byte)0).Pixels.ToArray();

    internal static string Body(string run, byte[] ink, long? step = null) =>
        JsonSerializer.Serialize(new Dictionary<string, object?> { ["run"] = run, ["step"] = step, ["side"] = (int)Math.Sqrt(ink.Length), ["ink"] = Convert.ToBase64String(ink) });

    internal static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Fact]
    public async Task A_drawing_gets_what_the_network_makes_of_it_layer_by_layer()
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        var response = await client.PostAsync("api/look", Json(Body(ShippedModel.Name, One)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.Contains("Server-Timing"));
        var look = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(1, look.GetProperty("digit").GetInt32());
        Assert.Equal(1, look.GetProperty("probabilities").EnumerateArray().Sum(value => value.GetDouble()), 9);
        Assert.Equal(784, look.GetProperty("ink").GetBytesFromBase64().Length);
        Assert.Equal(784, look.GetProperty("matters").GetProperty("bytes").GetBytesFromBase64().Length);
        var layers = look.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2"], layers.Select(layer => layer.GetProperty("path").GetString()));
        Assert.All(layers, layer => Assert.Equal(
            layer.GetProperty("shape").EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32()), layer.GetProperty("values").GetProperty("bytes").GetBytesFromBase64().Length));
        Assert.Empty(server.Lines);
    }

    /// <summary>A run in the folder: its start, its checkpoints and its end, each with its own parameters.</summary>
    [Fact]
    public async Task Runs_are_listed_with_the_moments_of_their_training()
    {
        Assert.Equal(0, CommandLine.Run(_folder, CommandLine.Short("--out", "runs/mine")).Code);
        _folder.Write("runs/torn/manifest.json", "{"u8.ToArray());
        using var server = new RunningServer(_folder.Path, "runs/mine");
        using var client = new HttpClient { BaseAddress = server.Address };
        var list = await client.GetFromJsonAsync<JsonElement>("api/runs");
        Assert.Equal(["runs/mine", "built-in"], list.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
        Assert.Equal([0, 3, 6], list.GetProperty("runs")[0].GetProperty("steps").EnumerateArray().Select(step => step.GetInt64()));
        Assert.Contains("runs/torn", Assert.Single(list.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);

        var weights = StoredRun.Read(_folder.Path, "runs/mine").Metrics.Lines.OfType<RunEvent.Weights>().ToDictionary(line => line.AfterStep, line => line.Tensors[0].Sha256);
        var served = ServedRun.Of(StoredRun.Read(_folder.Path, "runs/mine"));
        foreach (var step in served.Steps)
            Assert.Equal(weights[step], Convert.ToHexStringLower(served.At(step).Leaves.First().Value.Sha256()));

        var filters = await client.GetFromJsonAsync<JsonElement>("api/filters?run=runs/mine&step=0");
        Assert.Equal([6, 16], filters.GetProperty("convolutions").EnumerateArray().Select(layer => layer.GetProperty("outputs").GetInt32()));
    }

    [Fact]
    public async Task A_picture_becomes_a_digit_in_MNISTs_form()
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        var picture = GreyImage.Of(300, 200, (x, y) => x is > 100 and < 120 && y is > 40 and < 160 ? (byte)20 : (byte)230);
        var response = await client.PostAsync("api/picture", new ByteArrayContent(PngFile.Of(picture)));
        var found = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(DigitPicture.Of(picture, "").Image.Pixels.ToArray(), found.GetProperty("ink").GetBytesFromBase64());
        Assert.Contains("found a GIF", await Refused(client.PostAsync("api/picture", new ByteArrayContent(File.ReadAllBytes(Images.PictureFileTests.PathOf("picture.gif")))), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_keeps_the_page_to_this_machine()
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        foreach (var path in (string[])["", "style.css", "script.js", "draw.js", "maps.js", "icon.svg", "api/runs", "nothing"])
        {
            var response = await client.GetAsync(path);
            Assert.Equal(path == "nothing" ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("default-src 'none'; script-src 'self'; ", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.False(response.Headers.Contains("Server"));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }

        Assert.Equal("127.0.0.1", server.Address.Host);
    }

    [Theory]
    [InlineData("evil.example", "", HttpStatusCode.MisdirectedRequest, "another host")]
    [InlineData("localhost.evil.example:1998", "", HttpStatusCode.MisdirectedRequest, "another host")]
    [InlineData("", "http://evil.example", HttpStatusCode.Forbidden, "another site's page")]
    [InlineData("", "null", HttpStatusCode.Forbidden, "another site's page")]
    public async Task Requests_for_another_host_or_from_another_page_are_refused(string host, string origin, HttpStatusCode status, string reason)
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/look") { Content = Json(Body(ShippedModel.Name, One)) };
        if (host.Length > 0)
            request.Headers.Host = host;
        if (origin.Length > 0)
            request.Headers.Add("Origin", origin);
        Assert.Contains(reason, await Refused(client.SendAsync(request), status), StringComparison.Ordinal);
        Assert.StartsWith($"{(int)status} POST /api/look: ", Assert.Single(server.Lines), StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "the body is no drawing" },
        { "null", 400, "the body is null" },
        { "{", 400, "the body is no drawing" },
        { "[]", 400, "the body is no drawing" },
        { "{\"run\":1}", 400, "the body is no drawing" },
        { "{\"other\":1}", 400, "the body is no drawing" },
        { "{\"run\":\"built-in\",\"side\":2,\"ink\":\"AAAA\"}", 400, "expected 4 bytes as base64" },
        { "{\"run\":\"built-in\",\"side\":2,\"ink\":\"****\"}", 400, "expected 4 bytes as base64" },
        { "{\"run\":\"built-in\",\"side\":2}", 400, "expected 4 bytes as base64" },
        { "{\"run\":\"built-in\",\"side\":-1,\"ink\":\"\"}", 400, "side makes no sense" },
        { "{\"run\":\"built-in\",\"side\":100000,\"ink\":\"\"}", 400, "side makes no sense" },
        { "{\"run\":\"built-in\",\"side\":1e99,\"ink\":\"\"}", 400, "the body is no drawing" },
        { "{\"run\":\"built-in\",\"side\":2,\"ink\":\"AAAAAA==\"}", 422, "there is no ink in it" },
        { "{\"run\":\"../../etc\",\"side\":1,\"ink\":\"/w==\"}", 404, "there is no run '../../etc'" },
        { "{\"side\":1,\"ink\":\"/w==\"}", 404, "there is no run ''" },
        { "{\"run\":\"built-in\",\"step\":7,\"side\":1,\"ink\":\"/w==\"}", 404, "has nothing of step 7: there are 0, 10," },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_makes_no_sense_is_refused_with_the_reason(string body, int status, string reason)
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Contains(reason, await Refused(client.PostAsync("api/look", Json(body)), (HttpStatusCode)status), StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(server.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_ways_to_ask_wrongly_are_refused_too()
    {
        using var server = new RunningServer(_folder.Path);
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("expected application/json", await Refused(client.PostAsync("api/look", new StringContent(Body(ShippedModel.Name, One))), HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.Contains("too large: at most 65,536 bytes", await Refused(client.PostAsync("api/look", Json(new string('x', 70_000))), HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        Assert.Contains("does not take that method", await Refused(client.GetAsync("api/look"), HttpStatusCode.MethodNotAllowed), StringComparison.Ordinal);
        Assert.Contains("step makes no sense", await Refused(client.GetAsync("api/filters?run=built-in&step=x"), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("there is no run 'x'", await Refused(client.GetAsync("api/filters?run=x"), HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Contains("there is no such page", await Refused(client.GetAsync("%2e%2e/manifest.json"), HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Equal(6, server.Lines.Count);
    }

    [Fact]
    public void A_port_in_use_and_an_address_of_others_are_one_line()
    {
        using var server = new RunningServer(_folder.Path);
        var outcome = CommandLine.Run(_folder, "serve", "--port", $"{server.Address.Port}");
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains($"Port {server.Address.Port} is in use", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        var elsewhere = CommandLine.Run(_folder, "serve", "--host", "192.0.2.1", "--port", "0");
        Assert.Equal(1, elsewhere.Code);
        Assert.Contains("cannot be listened on", Assert.Single(elsewhere.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(1, CommandLine.Run(_folder, "serve", "nowhere").Code);
        Assert.Equal(2, CommandLine.Run(_folder, "serve", "--host", "everywhere").Code);
        Assert.Equal(2, CommandLine.Run(_folder, "serve", "--port", "65536").Code);
    }

    private static async Task<string> Refused(Task<HttpResponseMessage> asked, HttpStatusCode status)
    {
        var response = await asked;
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()!;
    }
}
