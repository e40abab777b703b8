using CsCheck;
using FunctionalLeNet.Core.Kernels;

namespace FunctionalLeNet.Tests.Kernels;

public class WorkersTests
{
    [Fact]
    public void A_number_is_raised_in_turn_by_both_hands() => Assert.Equal(2_000, Handover.Run(1_000));

    [Fact]
    public void Every_item_is_done_exactly_once_before_the_call_returns() => Gen.Select(Gen.Int[1, 4], Gen.OneOf(Gen.Int[0, 40], Gen.Const(200_000)).Array[1, 30]).Sample(
        (threads, jobs) =>
        {
            using var workers = new Workers(threads);
            foreach (var items in jobs)
            {
                var done = new int[items];
                workers.Run(items, item => Interlocked.Increment(ref done[item]));
                Assert.All(done, count => Assert.Equal(1, count));
            }
        },
        iter: 20);

    [Fact]
    public void An_item_may_wait_for_one_that_was_begun_before_it() => Gen.Int[1, 4].Sample(
        threads =>
        {
            using var workers = new Workers(threads);
            var (begun, turn, order) = (0, 0, new List<int>());
            workers.Run(threads, _ =>
            {
                for (int item; (item = Interlocked.Increment(ref begun) - 1) < 50;)
                {
                    workers.WaitFor(ref turn, item);
                    order.Add(item);
                    Volatile.Write(ref turn, item + 1);
                }
            });
            Assert.Equal(Enumerable.Range(0, 50), order);
        },
        iter: 50);

    [Fact]
    public void Nobody_waits_for_an_item_that_has_failed()
    {
        using var workers = new Workers(2);
        var turn = 0;
        Assert.Throws<InvalidOperationException>(() => workers.Run(2, item =>
        {
            if (item == 0)
                throw new InvalidOperationException();
            workers.WaitFor(ref turn, 1);
        }));
    }

    [Fact]
    public void A_failure_reaches_the_caller_and_the_workers_live_on()
    {
        using var workers = new Workers(3);
        for (var round = 0; round < 20; round++)
        {
            Assert.Throws<InvalidOperationException>(() => workers.Run(50, item => _ = item == 33 ? throw new InvalidOperationException() : item));
            var sum = 0;
            workers.Run(100, item => Interlocked.Add(ref sum, item));
            Assert.Equal(4950, sum);
        }
    }

    [Fact]
    public void Workers_that_have_gone_to_sleep_take_part_again()
    {
        using var workers = new Workers(2);
        var threads = new HashSet<int>();
        for (var round = 0; round < 200 && threads.Count < 2; round++)
        {
            Thread.Sleep(2);
            workers.Run(4, _ =>
            {
                Thread.Sleep(1);
                lock (threads)
                    threads.Add(Environment.CurrentManagedThreadId);
            });
        }

        Assert.Equal(2, threads.Count);
    }
}
