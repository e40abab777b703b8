using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using FunctionalLeNet.Core.Interpreters;
using FunctionalLeNet.Experiments.Data;
using FunctionalLeNet.Experiments.Images;
using FunctionalLeNet.Experiments.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>The local page: its files, and what it asks for.</summary>
internal static class Server
{
    private const int MostSide = 280;
    private const int Warmings = 40;

    private static readonly (string Path, string File, string Type)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/style.css", "style.css", "text/css; charset=utf-8"),
        ("/script.js", "script.js", "text/javascript; charset=utf-8"),
        ("/draw.js", "draw.js", "text/javascript; charset=utf-8"),
        ("/maps.js", "maps.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="runs">The runs that can be shown.</param>
    /// <param name="listening">Told the page's address when it can be opened.</param>
    /// <param name="refused">Told each refused request, in a line.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">The port is in use, or may not be used.</exception>
    public static void Run(IPAddress address, int port, ServedRuns runs, Action<string> listening, Action<string> refused, CancellationToken stop) =>
        RunAsync(address, port, runs, listening, refused, stop).GetAwaiter().GetResult();

    private static async Task RunAsync(IPAddress address, int port, ServedRuns runs, Action<string> listening, Action<string> refused, CancellationToken stop)
    {
        // Empty: no settings file of the folder, and no variable of the environment, opens another port.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Guard.MostBytes;
            kestrel.Listen(address, port);
        });
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        var guard = new Guard(refused);
        app.Use(next => context => guard.Invoke(context, next));
        app.UseRouting();
        using var desk = new Desk(Environment.ProcessorCount);
        Map(app, runs, desk);
        await app.StartAsync(stop);
        listening(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        // What is computed for the first time is compiled for it: nobody need wait for that with the pen in the hand.
        var warm = Task.Run(() => Warm(desk, stop), CancellationToken.None);
        await app.WaitForShutdownAsync(stop);
        await warm;
    }

    private static async Task Warm(Desk desk, CancellationToken stop)
    {
        var dot = GreyImage.Of(MostSide / 2, MostSide / 2, (x, y) => x + y < MostSide / 4 ? (byte)255 : (byte)0);
        for (var i = 0; i < Warmings && !stop.IsCancellationRequested; i++)
            await desk.Work(workspace => Looking.Of(ShippedModel.Model, DigitPicture.OfDrawing(dot, ""), workspace, () => 0), CancellationToken.None);
    }

    private static void Map(WebApplication app, ServedRuns runs, Desk desk)
    {
        foreach (var (path, file, type) in Files)
        {
            var content = Embedded.Bytes($"Page/{file}");
            app.MapGet(path, (HttpContext context) =>
            {
                context.Response.ContentType = type;
                return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
            });
        }

        app.MapGet("/api/runs", (HttpContext context) => Answer(context, List(runs), ServeJson.Default.ModelList));
        app.MapGet("/api/filters", (HttpContext context) =>
        {
            var query = context.Request.Query;
            var (run, step) = Moment(runs, query["run"], Step(query["step"]));
            return Answer(context, Looking.Filters(runs.Model(run, step), step), ServeJson.Default.Filters);
        });
        app.MapPost("/api/look", async (HttpContext context) =>
        {
            var drawing = await Read(context);
            var ink = Ink(drawing);
            var (run, step) = Moment(runs, drawing.Run, drawing.Step);
            var look = await desk.Work(
                workspace =>
                {
                    var start = Stopwatch.GetTimestamp();
                    return Looking.Of(runs.Model(run, step), DigitPicture.OfDrawing(ink, "the drawing"), workspace, () => Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                },
                context.RequestAborted);
            context.Response.Headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"look;dur={look.Milliseconds:F2}");
            await Answer(context, look, ServeJson.Default.Look);
        });
        app.MapPost("/api/picture", async (HttpContext context) =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = PictureFile.MostBytes;
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
            var digit = await desk.Work(_ => DigitPicture.Of(PictureFile.OfBytes(bytes.ToArray(), "the picture"), "the picture").Image, context.RequestAborted);
            await Answer(context, new FoundDigit(digit.Width, Convert.ToBase64String(digit.Pixels.Span)), ServeJson.Default.FoundDigit);
        });
    }

    private static ModelList List(ServedRuns runs)
    {
        var (all, problems) = runs.List();
        return new(
            [.. all.Select(run => new ListedModel(run.Name, run.Experiment.Name, run.Experiment.Line, Cost.Of(run.Experiment.Network).Parameters, run.TestAccuracy, [.. run.Steps]))], problems);
    }

    private static async Task<Drawing> Read(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new Refused(StatusCodes.Status415UnsupportedMediaType, "the body has another type: expected application/json");
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, ServeJson.Default.Drawing, context.RequestAborted)
                ?? throw new Refused(StatusCodes.Status400BadRequest, "the body is null: expected an object with run, step, side and ink");
        }
        catch (JsonException e)
        {
            throw new Refused(StatusCodes.Status400BadRequest, $"the body is no drawing: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    private static GreyImage Ink(Drawing drawing)
    {
        if (drawing.Side is < 1 or > MostSide)
            throw new Refused(StatusCodes.Status400BadRequest, $"side makes no sense: expected 1 to {MostSide}, found {drawing.Side}");
        var ink = new byte[drawing.Side * drawing.Side];
        return Convert.TryFromBase64String(drawing.Ink ?? "", ink, out var count) && count == ink.Length
            ? new(drawing.Side, drawing.Side, ink)
            : throw new Refused(StatusCodes.Status400BadRequest, $"ink makes no sense: expected {ink.Length} bytes as base64");
    }

    /// <summary>A run and one of its moments; the last where none is named.</summary>
    private static (ServedRun Run, long Step) Moment(ServedRuns runs, string? name, long? step) =>
        runs.Find(name ?? "") is not { } run ? throw new Refused(StatusCodes.Status404NotFound, $"there is no run '{name}': /api/runs lists them")
        : step is null ? (run, run.Steps[^1])
        : run.Steps.Contains(step.Value) ? (run, step.Value)
        : throw new Refused(StatusCodes.Status404NotFound, $"the run {run.Name} has nothing of step {step}: there are {string.Join(", ", run.Steps)}");

    private static long? Step(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step
        : throw new Refused(StatusCodes.Status400BadRequest, $"step makes no sense: expected a whole number, found '{text}'");

    private static Task Answer<T>(HttpContext context, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
}
