use crate::problem::Problems;
use crate::{InvalidRequest, Problem, UserId};

/// The most users that one request removes.
pub const MAX_USERS: usize = 10;

/// 1 to 10 different users.
pub(super) fn check<U>(users: impl IntoIterator<Item = U>) -> Result<Vec<UserId>, InvalidRequest>
where
    U: TryInto<UserId, Error: Into<Problem>>,
{
    let mut problems = Problems::default();
    let mut checked: Vec<UserId> = Vec::new();
    let mut count = 0;
    for (index, user) in users.into_iter().enumerate() {
        count += 1;
        let field = || format!("users[{index}]");
        match problems.check(field(), user) {
            Some(user) if checked.contains(&user) => problems.push(Problem::new(
                field(),
                "stands there twice",
                "name each user once",
            )),
            Some(user) => checked.push(user),
            None => {}
        }
        if count > MAX_USERS {
            break; // However many there are, it is too many.
        }
    }
    if !(1..=MAX_USERS).contains(&count) {
        problems.push(Problem::new(
            "users",
            "must be 1 to 10 users",
            "remove more of them with further requests, or dismiss the room",
        ));
    }
    problems.into_result()?;
    Ok(checked)
}
