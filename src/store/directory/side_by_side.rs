//! Runs the same work on many items, on all cores.

use std::thread;

/// What `work` makes of each item, in the order of the items, or the first error in that order.
pub(super) fn side_by_side<I: Send, O: Send, E: Send>(
    items: Vec<I>,
    work: impl Fn(I) -> Result<O, E> + Sync,
) -> Result<Vec<O>, E> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let size = items.len().div_ceil(cores).max(1);
    if items.len() <= 1 || cores == 1 {
        return items.into_iter().map(work).collect();
    }
    let mut chunks = Vec::new();
    let mut rest = items;
    while rest.len() > size {
        let tail = rest.split_off(size);
        chunks.push(std::mem::replace(&mut rest, tail));
    }
    chunks.push(rest);
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = chunks
            .into_iter()
            .map(|chunk| scope.spawn(move || chunk.into_iter().map(work).collect::<Result<Vec<_>, E>>()))
            .collect();
        let mut done = Vec::new();
        for thread in threads {
            // A panic in the work is a panic of the caller.
            done.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays_and_the_first_error_wins() {
        for length in [0, 1, 2, 7, 100] {
            let items: Vec<usize> = (0..length).collect();
            assert_eq!(side_by_side(items.clone(), Ok::<_, ()>), Ok(items));
        }
        let but_three = |item: usize| if item == 3 { Err(item) } else { Ok(item) };
        assert_eq!(side_by_side(vec![0, 2, 3, 3, 5], but_three), Err(3));
    }
}
