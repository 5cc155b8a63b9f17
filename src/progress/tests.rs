use super::competency::trend;
use super::*;

fn share(session: usize, made: usize, of: usize) -> Share {
    Share { session, made, of, share: 0.0, low: 0.0, high: 1.0 }
}

#[test]
fn no_trend_comes_from_two_sessions_or_from_few_points() {
    assert_eq!(trend(&[share(0, 0, 20), share(1, 20, 20)]), None);
    let few = trend(&[share(0, 1, 3), share(1, 2, 3), share(2, 3, 3)]).unwrap();
    assert_eq!((few.direction, few.earlier, few.later), (Direction::NotTold, (1, 3), (3, 3)));
    let many: Vec<Share> = (0..6).map(|i| share(i, if i < 3 { 2 } else { 7 }, 8)).collect();
    assert_eq!(trend(&many).unwrap().direction, Direction::Up);
    assert_eq!(trend(&many.iter().rev().copied().collect::<Vec<_>>()).unwrap().direction, Direction::Down);
}

#[test]
fn nothing_comes_of_nothing() {
    let bank = crate::question::bank::Bank::built_in().unwrap();
    let all: Vec<&Question> = bank.questions().collect();
    let progress = of(&[], &all[..3], &all);
    assert_eq!(progress.never.len(), 3);
    assert_eq!(Progress { never: Vec::new(), ..progress }, Progress::default());
}
