use crate::input::{Given, Properties};
use crate::problem::Problems;
use crate::{InvalidRequest, Problem, ProblemCode, UserId};

/// The most users that one request removes.
pub const MAX_USERS: usize = 10;

/// 1 to 10 different users.
pub(super) fn check<U>(users: impl IntoIterator<Item = U>) -> Result<Vec<UserId>, InvalidRequest>
where
    U: TryInto<UserId, Error: Into<Problem>>,
{
    let mut users = users
        .into_iter()
        .map(|user| user.try_into().map_err(Into::into));
    check_each(&mut users)
}

/// The `users` that somebody gave.
pub(super) fn given(input: &mut Properties<'_>) -> Option<Vec<UserId>> {
    let users = input.required("users", Given::list)?;
    let mut users = users.into_iter().map(Given::user_id);
    let checked = check_each(&mut users);
    input.note_all(checked)
}

fn check_each(
    users: &mut dyn Iterator<Item = Result<UserId, Problem>>,
) -> Result<Vec<UserId>, InvalidRequest> {
    let mut problems = Problems::default();
    let mut checked: Vec<UserId> = Vec::new();
    let mut count = 0;
    for user in users {
        let field = format!("users[{count}]");
        count += 1;
        match user {
            Ok(user) if checked.contains(&user) => problems.push(
                Problem::new(field, "stands there twice", "name each user once")
                    .coded(ProblemCode::GivenTwice),
            ),
            Ok(user) => checked.push(user),
            Err(problem) => problems.push(problem.at(field)),
        }
        if count > MAX_USERS {
            break; // However many there are, it is too many.
        }
    }
    if !(1..=MAX_USERS).contains(&count) {
        problems.push(
            Problem::new(
                "users",
                "must be 1 to 10 users",
                "remove more of them with further requests, or dismiss the room",
            )
            .coded(ProblemCode::WrongCount)
            .with("from", 1)
            .with("to", MAX_USERS),
        );
    }
    problems.into_result()?;
    Ok(checked)
}
