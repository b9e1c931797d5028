//! The same work on many items, on all cores.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError, mpsc};
use std::{iter, thread};

/// Parts into which the items are divided for each core: few, and short enough to share the work evenly.
const PARTS: usize = 8;

/// Stack of each thread: what the first thread of a process usually has.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn side_by_side<I: Send, O: Send>(items: Vec<I>, work: impl Fn(I) -> O + Sync) -> Vec<O> {
    let size = items.len().div_ceil(cores() * PARTS).max(1);
    let mut items = items.into_iter();
    let part = || Some(items.by_ref().take(size).collect::<Vec<_>>()).filter(|part| !part.is_empty());
    let parts: Vec<_> = iter::from_fn(part).collect();
    let mut done = Vec::new();
    let of_part = |part: Vec<I>| part.into_iter().map(&work).collect::<Vec<_>>();
    let Ok(()) = in_turn(parts, of_part, |made| {
        done.extend(made);
        Ok::<_, Infallible>(())
    });
    done
}

/// Hands what `work` makes of each item to `take`, in the order of the items and while others are still worked on,
/// until `take` refuses one.
pub(crate) fn in_turn<I: Send, O: Send, E>(
    items: Vec<I>,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let wanted = cores().min(items.len());
    if wanted <= 1 {
        return items.into_iter().try_for_each(|item| take(work(item)));
    }
    let left = Mutex::new(items.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, receiver) = mpsc::channel();
    let run = |sender: &mpsc::Sender<(usize, O)>| {
        // When an item was refused, nobody receives any more.
        let _ = iter::from_fn(next).try_for_each(|(place, item)| sender.send((place, work(item))));
    };
    thread::scope(|scope| {
        let start = |_: &usize| {
            let sender = sender.clone();
            let builder = thread::Builder::new().stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, move || run(&sender)).is_ok()
        };
        // Where no threads are to be had, this one does it all.
        if (0..wanted).filter(start).count() == 0 {
            run(&sender);
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (place, made) in receiver {
            early.insert(place, made);
            while let Some(made) = early.remove(&turn) {
                take(made)?;
                turn += 1;
            }
        }
        Ok(())
    })
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays() {
        for length in [0, 1, 2, 7, 100] {
            let items: Vec<usize> = (0..length).collect();
            assert_eq!(side_by_side(items.clone(), |item| item), items);
        }
    }

    #[test]
    fn what_comes_before_a_refusal_is_taken_and_nothing_after_it() {
        let mut taken = Vec::new();
        let but_sevens = |item: usize| {
            if item % 10 == 7 {
                return Err(item);
            }
            taken.push(item);
            Ok(())
        };
        assert_eq!(in_turn((0..100).collect(), |item| item, but_sevens), Err(7));
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6]);
    }
}
