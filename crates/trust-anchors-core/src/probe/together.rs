//! Several futures at once, within one task: dropping it drops them all.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::sleep;

/// Runs all of them, at most `limit` at once.
pub async fn all<F: Future<Output = ()>>(futures: impl Iterator<Item = F>, limit: usize) {
    let mut waiting = futures;
    let mut running: Vec<Pin<Box<F>>> = waiting.by_ref().take(limit).map(Box::pin).collect();
    poll_fn(|context| {
        loop {
            let before = running.len();
            running.retain_mut(|future| future.as_mut().poll(context).is_pending());
            let free = limit.saturating_sub(running.len());
            let ended = before - running.len();
            running.extend(waiting.by_ref().take(free).map(Box::pin));
            // What has just begun has to be polled once.
            if running.is_empty() {
                return Poll::Ready(());
            }
            if ended == 0 {
                return Poll::Pending;
            }
        }
    })
    .await;
}

/// Runs one after the other until one comes to an output that `is_final`. The next one begins when one has come to another output, or when
/// the last begun has run for `head_start`; those before it run on.
///
/// Gives as many outputs as have begun, in their order: none for those that had come to nothing.
pub async fn race<F: Future>(
    futures: impl ExactSizeIterator<Item = F>,
    head_start: Duration,
    is_final: impl Fn(&F::Output) -> bool,
) -> Vec<Option<F::Output>> {
    let mut waiting = futures;
    let mut running: Vec<Option<Pin<Box<F>>>> = Vec::new();
    let mut outputs = Vec::new();
    while let Some(next) = waiting.next() {
        running.push(Some(Box::pin(next)));
        outputs.push(None);
        let has_more = waiting.len() > 0;
        let mut timer = pin!(sleep(head_start));
        let is_over = poll_fn(|context| {
            let mut has_failed = false;
            for (slot, noted) in running.iter_mut().zip(&mut outputs) {
                let polled = slot.as_mut().map(|future| future.as_mut().poll(context));
                if let Some(Poll::Ready(output)) = polled {
                    *slot = None;
                    let ends = is_final(&output);
                    *noted = Some(output);
                    if ends {
                        return Poll::Ready(true);
                    }
                    has_failed = true;
                }
            }
            if running.iter().all(Option::is_none) {
                return Poll::Ready(!has_more);
            }
            if has_more && (has_failed || timer.as_mut().poll(context).is_ready()) {
                return Poll::Ready(false);
            }
            Poll::Pending
        })
        .await;
        if is_over {
            break;
        }
    }
    outputs
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_run_and_never_too_many_at_once() {
        let (running, most, done) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let works = (0..9).map(|number| {
            let (running, most, done) = (&running, &most, &done);
            async move {
                running.set(running.get() + 1);
                most.set(most.get().max(running.get()));
                // Some end without waiting.
                if number % 3 != 0 {
                    sleep(Duration::from_millis(number)).await;
                }
                running.set(running.get() - 1);
                done.set(done.get() + 1);
            }
        });
        all(works, 4).await;
        assert_eq!((most.get(), done.get()), (4, 9));
    }

    /// Ends after so many milliseconds with `output`.
    async fn after(milliseconds: u64, output: Result<u8, u8>) -> Result<u8, u8> {
        sleep(Duration::from_millis(milliseconds)).await;
        output
    }

    async fn raced(works: &[(u64, Result<u8, u8>)]) -> Vec<Option<Result<u8, u8>>> {
        let works = works.iter().map(|(time, output)| after(*time, *output));
        race(works, Duration::from_millis(250), Result::is_ok).await
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_begins_when_one_fails_or_takes_long() {
        assert_eq!(raced(&[(1, Ok(1)), (1, Ok(2))]).await, [Some(Ok(1))]);
        assert_eq!(
            raced(&[(1, Err(1)), (1, Ok(2)), (1, Ok(3))]).await,
            [Some(Err(1)), Some(Ok(2))]
        );
        // A slow one is overtaken, or comes first after all.
        assert_eq!(
            raced(&[(900, Ok(1)), (1, Ok(2))]).await,
            [None, Some(Ok(2))]
        );
        assert_eq!(
            raced(&[(300, Ok(1)), (900, Ok(2))]).await,
            [Some(Ok(1)), None]
        );
        assert_eq!(
            raced(&[(900, Ok(1)), (1, Err(2)), (1, Ok(3))]).await,
            [None, Some(Err(2)), Some(Ok(3))]
        );
        assert_eq!(
            raced(&[(900, Err(1)), (1, Err(2))]).await,
            [Some(Err(1)), Some(Err(2))]
        );
    }
}
