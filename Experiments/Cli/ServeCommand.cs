using System.Net.Sockets;
using FunctionalLeNet.Experiments.Serve;

namespace FunctionalLeNet.Experiments.Cli;

/// <summary>Where the page is, in <c>serve --json</c>.</summary>
internal sealed record Listening(string Event, string Address);

/// <summary>A request that was refused, in <c>serve --json</c>.</summary>
internal sealed record RefusedRequest(string Event, string Message);

/// <summary><c>serve [RUN]</c>: a page on this machine to draw a digit on and watch every layer.</summary>
internal static class ServeCommand
{
    public static int Run(Invocation.Serve command, Session session)
    {
        var (screen, world) = (session.Screen, session.Surroundings);
        var named = command.Run.Length == 0 ? "" : ServedRun.Of(RunAccess.Read(command.Run, session)).Name;
        var writing = new Lock();
        try
        {
            Server.Run(command.Host, command.Port, new(world.Directory, named), Listens, Refuses, world.Interrupt);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new Failure($"Port {command.Port} is in use, perhaps by another 'lenet serve'. --port takes another one; 0 is any that is free.");
        }
        catch (Exception e) when (e is SocketException || e.InnerException is SocketException)
        {
            throw new Failure($"{command.Host}, port {command.Port}, cannot be listened on: {e.Message.TrimEnd('.')}.");
        }

        screen.Note("Stopped.");
        return ExitCode.Done;

        void Listens(string address)
        {
            screen.Event(new Listening("listening", address), CommandJson.Configured.Listening);
            screen.Line($"The page is at {address}");
            screen.Note("Ctrl-C stops.");
        }

        void Refuses(string line)
        {
            lock (writing)
            {
                screen.Event(new RefusedRequest("refused", line), CommandJson.Configured.RefusedRequest);
                screen.Note(line);
            }
        }
    }
}
