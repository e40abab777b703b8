using System.Diagnostics;
using System.Runtime;
using System.Runtime.ExceptionServices;

namespace FunctionalLeNet.Core.Kernels;

/// <summary>
/// Threads that share the items of a job. Items are outputs, never parts of a sum, so which thread takes which item changes no bit.
/// </summary>
/// <remarks>
/// <para>
/// A job lasts microseconds. So each thread has a range of the items as its own, the same range of every job of that size, whose data then lies in its
/// core's cache; when it is through, it takes from the far ends of the others' ranges. Workers spin for a moment before they sleep. The caller works
/// too, and then waits only for items that someone has begun: a worker that the system does not run, because another program has its core, delays nothing.
/// One that is stopped in the midst of an item does. When that happens the caller works alone for some jobs, and for longer each time it happens again soon;
/// unless methods were compiled meanwhile, which explains it.
/// </para>
/// <para>
/// A range is one word: the job's number, the first item left and one past the last. Taking an item is one compare-and-exchange on it, which fails
/// when the job is over; so a worker that comes late can never touch a job that its caller has left.
/// </para>
/// </remarks>
internal sealed unsafe class Workers : IDisposable
{
    // About 50 µs: longer than most gaps between the jobs of a training step.
    private const int SpinsBeforeYield = 2_000;

    // A few milliseconds in which any other program that wants the core has it. A thread that slept at once would often be woken on its caller's core,
    // to wait there while another stands idle; one that stays runnable is soon moved.
    private const int SpinsBeforeSleep = 10_000;

    private const int FewestJobsAlone = 64;
    private const int MostJobsAlone = 1 << 13;

    // Jobs on time, some twenty training steps, after which being late once more is chance rather than a neighbour.
    private const int Probation = 256;

    // A range in a cache line of its own (two, because processors fetch lines in pairs).
    private const int Stride = 16;
    private const int MostItems = ushort.MaxValue;

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _threads;
    private readonly long[] _ranges;
    private int _number;
    private int _sleepers;
    private int _done;
    private int _items;
    private int _step;
    private int _alone;
    private int _nextAlone = FewestJobsAlone;
    private int _onTime;
    private long _begun;
    private long _compiled;
    private volatile bool _late;
    private delegate*<object?, void*, int, void> _code;
    private object? _target;
    private void* _argument;
    private volatile Exception? _failure;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many work, the caller's included; at least 1.</param>
    public Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _ranges = new long[(count + 1) * Stride];
        _threads = [.. Enumerable.Range(1, count - 1).Select(index => new Thread(() => Work(index)) { IsBackground = true, Name = $"lenet worker {index}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

#pragma warning disable RS0030 // The clock decides who works, never what comes out.
    private static long Now => Stopwatch.GetTimestamp();

    // 50 µs.
    private static long Moment => Stopwatch.Frequency / 20_000;
#pragma warning restore RS0030

    /// <summary>How many threads work, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Runs every item once, in any order, on any thread, and returns when all are done.</summary>
    /// <param name="items">How many; the body is called with 0 to items − 1.</param>
    /// <param name="body">Writes the outputs of one item, which no other item writes or reads.</param>
    public void Run(int items, Action<int> body) => Run(items, &Invoke, body, null);

    /// <summary>Runs every item once, in any order, on any thread, without making garbage.</summary>
    /// <param name="items">How many; the code is called with 0 to items − 1.</param>
    /// <param name="code">Writes the outputs of one item, which no other item writes or reads.</param>
    /// <param name="target">Its first argument.</param>
    /// <param name="argument">Its second argument.</param>
    public void Run(int items, delegate*<object?, void*, int, void> code, object? target, void* argument)
    {
        if (_threads.Length == 0 || items <= 1 || _alone > 0)
        {
            _alone = Math.Max(0, _alone - 1);
            for (var item = 0; item < items; item++)
                code(target, argument, item);
            return;
        }

        _begun = Now;
        Publish(items, code, target, argument);
        TakePart(0, _number);
        // Another's last item should not take longer than the caller's whole part.
        for (var end = (2 * Now) - _begun + Moment; Volatile.Read(ref _done) < items;)
            Pause(end);
        Finish();
    }

    /// <summary>
    /// Which group of samples an item is, so that threads own groups in turn: 0, 2, 4, … are the first thread's, 1, 3, 5, … the second's.
    /// Chains that go from group to group then go from thread to thread, and each thread works on what lies in its core's cache.
    /// </summary>
    /// <param name="item">The item, of as many as there are groups.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="threads">How many threads.</param>
    public static int GroupOf(int item, int groups, int threads)
    {
        for (var thread = 0; ; thread++)
        {
            var own = (groups - thread + threads - 1) / threads;
            if (item < own)
                return thread + (item * threads);
            item -= own;
        }
    }

    /// <summary>Waits inside an item until another item, which some thread has begun, has raised a number.</summary>
    /// <param name="turn">The number.</param>
    /// <param name="value">What it is to reach; it may not when an item has failed.</param>
    public void WaitFor(ref int turn, int value)
    {
        var now = Now;
        for (var end = now + (8 * (now - _begun)) + (4 * Moment); Volatile.Read(ref turn) < value && _failure is null;)
            Pause(end);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_threads.Length > 0)
            _wake.Release(_threads.Length);
        foreach (var thread in _threads)
            thread.Join();
        _wake.Dispose();
    }

    private static void Invoke(object? target, void* argument, int item) => ((Action<int>)target!)(item);

    private void Publish(int items, delegate*<object?, void*, int, void> code, object? target, void* argument)
    {
        _code = code;
        _target = target;
        _argument = argument;
        _items = items;
        _done = 0;
        // More items than a range's word can count are taken several at a time.
        _step = (items + MostItems - 1) / MostItems;
        var (steps, number) = ((items + _step - 1) / _step, unchecked(_number + 1));
        for (var thread = 0; thread < Count; thread++)
            Volatile.Write(ref _ranges[(thread + 1) * Stride], Range(number, (int)((long)steps * thread / Count), (int)((long)steps * (thread + 1) / Count)));
        Volatile.Write(ref _number, number);
        // A worker that counts itself among the sleepers looks at the number once more afterwards: between that and this, one sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleepers) > 0 && Interlocked.Exchange(ref _sleepers, 0) is > 0 and var sleepers)
            _wake.Release(sleepers);
    }

    // Whoever is waited for longer than the work can explain was stopped: then the other program shall have the core, and be done with it.
    private void Pause(long end)
    {
        if (Now < end)
        {
            Thread.SpinWait(1);
            return;
        }

        _late = true;
        Thread.Yield();
    }

    private void Finish()
    {
        _target = null;
        if (_late && JitInfo.GetCompiledMethodCount() is var compiled && compiled != _compiled)
            (_late, _compiled) = (false, compiled);
        _onTime = _late ? 0 : _onTime + 1;
        _alone = _late ? _nextAlone : 0;
        _nextAlone = _late ? Math.Min(2 * _nextAlone, MostJobsAlone) : _onTime > Probation ? FewestJobsAlone : _nextAlone;
        _late = false;
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Work(int thread)
    {
        for (var last = 0; !_disposed;)
        {
            last = Next(last);
            TakePart(thread, last);
        }
    }

    // The number of a job after the last one, or of the last one when it was woken for nothing.
    private int Next(int last)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Volatile.Read(ref _number) is var number && number != last)
                return number;
            if (spin < SpinsBeforeYield)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }

        Interlocked.Increment(ref _sleepers);
        // Unless a job has come meanwhile and nobody is about to wake this thread.
        if (_disposed || Volatile.Read(ref _number) == last || !Leave())
            _wake.Wait();
        return Volatile.Read(ref _number);
    }

    private bool Leave()
    {
        for (var sleepers = Volatile.Read(ref _sleepers); sleepers > 0; sleepers = Volatile.Read(ref _sleepers))
            if (Interlocked.CompareExchange(ref _sleepers, sleepers - 1, sleepers) == sleepers)
                return true;
        return false;
    }

    private void TakePart(int thread, int number)
    {
        var code = _code;
        var argument = _argument;
        var (target, items, step, done) = (_target, _items, _step, 0);
        for (var other = 0; other < Count; other++)
        {
            ref var range = ref _ranges[((thread + other) % Count + 1) * Stride];
            while (Take(ref range, number, fromFront: other == 0) is >= 0 and var taken)
                for (var item = taken * step; item < Math.Min(items, (taken + 1) * step); item++, done++)
                    Do(code, target, argument, item);
        }

        if (done > 0)
            Interlocked.Add(ref _done, done);
    }

    private void Do(delegate*<object?, void*, int, void> code, object? target, void* argument, int item)
    {
        try
        {
            code(target, argument, item);
        }
#pragma warning disable CA1031 // It is thrown again on the caller's thread, where someone can handle it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = failure;
        }
    }

    // The first or last item left in a range, or −1 when there is none, or the job is over.
    private static int Take(ref long range, int number, bool fromFront)
    {
        for (var word = Volatile.Read(ref range); ;)
        {
            var (from, to) = ((int)(word >> 16) & 0xFFFF, (int)word & 0xFFFF);
            if ((int)(word >> 32) != number || from >= to)
                return -1;
            var rest = fromFront ? Range(number, from + 1, to) : Range(number, from, to - 1);
            var found = Interlocked.CompareExchange(ref range, rest, word);
            if (found == word)
                return fromFront ? from : to - 1;
            word = found;
        }
    }

    private static long Range(int number, int from, int to) => ((long)number << 32) | (uint)(from << 16) | (uint)to;
}
