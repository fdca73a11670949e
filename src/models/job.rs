use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::schema::jobs;
use crate::db::{MaybeStamp, Stamp};

/// A bulk action: what is to be done, and how far it is.
#[derive(Clone, Debug, Queryable)]
pub struct Job {
    pub id: i64,
    pub key_hash: String,
    /// Whose it is, and what the account was called.
    pub user_id: i64,
    pub who: String,
    pub entity: String,
    /// The name of the action, as the entity declares it.
    pub action: String,
    pub value: String,
    /// What it does, in words.
    pub title: String,
    /// Which records, in JSON.
    pub selection: String,
    /// How many records there were when it was started.
    pub total: i64,
    /// All up to this record have had their turn.
    pub place: i64,
    pub changed: i64,
    /// Those that were so already.
    pub unchanged: i64,
    pub refused: i64,
    pub failed: i64,
    /// The first refusals, in JSON.
    pub refusals: String,
    /// The name of a [`JobState`].
    pub state: String,
    /// Why it ended before its end.
    pub reason: String,
    /// The own password was given for it.
    pub is_confirmed: bool,
    /// Somebody asked for its end.
    pub wants_to_end: bool,
    /// What all its entries on record have in common.
    pub change_set: String,
    pub session_id: Option<i64>,
    pub address: String,
    pub request_id: String,
    /// The process that does it, and until when nobody else may.
    pub worker: String,
    #[diesel(deserialize_as = Stamp)]
    pub leased_until: NaiveDateTime,
    #[diesel(deserialize_as = Stamp)]
    pub created_at: NaiveDateTime,
    #[diesel(deserialize_as = MaybeStamp)]
    pub ended_at: Option<NaiveDateTime>,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Running,
    Done,
    /// Somebody ended it.
    Cancelled,
    /// It could not go on.
    Stopped,
}

impl JobState {
    const ALL: [JobState; 5] =
        [JobState::Waiting, JobState::Running, JobState::Done, JobState::Cancelled, JobState::Stopped];

    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Cancelled => "cancelled",
            JobState::Stopped => "stopped",
        }
    }
}

impl Job {
    /// Where it is; a name that another version of the program wrote has stopped.
    #[must_use]
    pub fn state(&self) -> JobState {
        JobState::ALL.into_iter().find(|state| state.name() == self.state).unwrap_or(JobState::Stopped)
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> JobProgress {
        JobProgress {
            place: self.place,
            changed: self.changed,
            unchanged: self.unchanged,
            refused: self.refused,
            failed: self.failed,
            refusals: self.refusals.clone(),
        }
    }

    /// The same job, so far.
    #[must_use]
    pub fn at(self, progress: JobProgress) -> Self {
        let JobProgress { place, changed, unchanged, refused, failed, refusals } = progress;
        Job { place, changed, unchanged, refused, failed, refusals, ..self }
    }

    /// How many records have had their turn.
    #[must_use]
    pub fn done(&self) -> i64 {
        self.changed + self.unchanged + self.refused + self.failed
    }
}

#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = jobs)]
pub struct NewJob {
    pub key_hash: String,
    pub user_id: i64,
    pub who: String,
    pub entity: String,
    pub action: String,
    pub value: String,
    pub title: String,
    pub selection: String,
    pub total: i64,
    pub is_confirmed: bool,
}

/// How far a job is.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = jobs)]
pub struct JobProgress {
    pub place: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub failed: i64,
    pub refusals: String,
}
