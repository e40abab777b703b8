using System.Net;
using FunctionalLeNet.Core.Formats;
using FunctionalLeNet.Core.Interpreters;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FunctionalLeNet.Experiments.Serve;

/// <summary>What stands around every request: who may ask, how much, and that whatever is wrong has one answer and one line.</summary>
/// <param name="Refused">Told each refusal, in a line.</param>
internal sealed record Guard(Action<string> Refused)
{
    /// <summary>The largest body of a request, but for a picture file.</summary>
    public const int MostBytes = 1 << 16;

    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Answers a request, or says why not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var (status, reason) = await Answered(context, next);
        if (reason.Length == 0)
            return;
        Refused($"{status} {context.Request.Method} {OneLine(context.Request.Path.Value)}: {reason}");
        if (context.Response.HasStarted)
            return;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new Refusal(reason), ServeJson.Default.Refusal, cancellationToken: CancellationToken.None);
    }

    private static async Task<(int Status, string Reason)> Answered(HttpContext context, RequestDelegate next)
    {
        if (!IsHere(context.Request.Host.Host))
            return (StatusCodes.Status421MisdirectedRequest, "the request was meant for another host: expected an address or localhost, because a name may be made to point here");
        if (context.Request.Headers.Origin is [{ } origin] && origin != $"{context.Request.Scheme}://{context.Request.Host}")
            return (StatusCodes.Status403Forbidden, "the request comes from another site's page");
        try
        {
            await next(context);
            return context.Response.StatusCode switch
            {
                _ when context.Response.HasStarted => (0, ""),
                StatusCodes.Status404NotFound => (StatusCodes.Status404NotFound, "there is no such page"),
                StatusCodes.Status405MethodNotAllowed => (StatusCodes.Status405MethodNotAllowed, "this page does not take that method"),
                var status and >= 400 => (status, "the request cannot be answered"),
                _ => (0, ""),
            };
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return (0, "");
        }
        catch (Refused e)
        {
            return (e.Status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return (e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is too large: at most {context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize:N0} bytes" : OneLine(e.Message).TrimEnd('.'));
        }
        catch (Exception e) when (e is DataException or ShapeException)
        {
            return (StatusCodes.Status422UnprocessableEntity, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (StatusCodes.Status500InternalServerError, $"a file cannot be read: {OneLine(e.Message)}");
        }
#pragma warning disable CA1031 // One request's defect ends no other's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (StatusCodes.Status500InternalServerError, $"a defect in the program: {e.GetType().Name}: {OneLine(e.Message)}");
        }
    }

    /// <summary>Whether a host is an address or localhost. A name of somebody's own may point here: DNS rebinding.</summary>
    private static bool IsHere(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static string OneLine(string? text) => string.Concat((text ?? "").Take(200).Select(letter => char.IsControl(letter) ? ' ' : letter));
}

/// <summary>A request that cannot be answered.</summary>
/// <param name="status">The status: 4xx.</param>
/// <param name="reason">Why.</param>
internal sealed class Refused(int status, string reason) : Exception(reason)
{
    /// <summary>The status: 4xx.</summary>
    public int Status { get; } = status;
}
