//! Runs the same work on many items, on all cores.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError, mpsc};
use std::{iter, thread};

/// Parts into which the items are divided for each core: few that are short enough to share the work evenly.
const PARTS: usize = 8;

/// What `work` makes of each item, in the order of the items, or the first error in that order.
pub(super) fn side_by_side<I: Send, O: Send, E: Send>(
    items: Vec<I>,
    work: impl Fn(I) -> Result<O, E> + Sync,
) -> Result<Vec<O>, E> {
    let size = items.len().div_ceil(cores() * PARTS).max(1);
    let mut items = items.into_iter();
    let part = || Some(items.by_ref().take(size).collect::<Vec<_>>()).filter(|part| !part.is_empty());
    let parts: Vec<_> = iter::from_fn(part).collect();
    let mut done = Vec::new();
    let of_part = |part: Vec<I>| part.into_iter().map(&work).collect::<Result<Vec<_>, E>>();
    in_turn(parts, of_part, |made| done.extend(made))?;
    Ok(done)
}

/// Hands what `work` makes of each item to `take`, in the order of the items and while others are still worked on,
/// up to the first error in that order.
pub(super) fn in_turn<I: Send, O: Send, E: Send>(
    items: Vec<I>,
    work: impl Fn(I) -> Result<O, E> + Sync,
    mut take: impl FnMut(O),
) -> Result<(), E> {
    let workers = cores().min(items.len());
    if workers <= 1 {
        return items.into_iter().try_for_each(|item| work(item).map(&mut take));
    }
    let left = Mutex::new(items.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, work) = (sender.clone(), &work);
            scope.spawn(move || {
                // After an error nobody receives any more.
                iter::from_fn(next).try_for_each(|(place, item)| sender.send((place, work(item))))
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut turn = 0..;
        let mut awaited = turn.next();
        for (place, made) in receiver {
            early.insert(place, made);
            while let Some(made) = awaited.and_then(|place: usize| early.remove(&place)) {
                take(made?);
                awaited = turn.next();
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
    fn the_order_stays_and_the_first_error_wins() {
        for length in [0, 1, 2, 7, 100] {
            let items: Vec<usize> = (0..length).collect();
            assert_eq!(side_by_side(items.clone(), Ok::<_, ()>), Ok(items));
        }
        let but_three = |item: usize| if item >= 3 { Err(item) } else { Ok(item) };
        assert_eq!(side_by_side(vec![0, 2, 3, 4, 5], but_three), Err(3));
    }

    #[test]
    fn what_comes_before_an_error_is_taken_and_nothing_after_it() {
        let but_sevens = |item: usize| if item % 10 == 7 { Err(item) } else { Ok(item) };
        let mut taken = Vec::new();
        assert_eq!(in_turn((0..100).collect(), but_sevens, |item| taken.push(item)), Err(7));
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6]);
    }
}
