//! Bulk actions that were started: how far each is, and what came of it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::access::{Action, Actor, SignedIn};
use crate::admin::Moment;
use crate::admin::bulk::{Reason, Refusals};
use crate::crud::{Entity as _, jobs};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::html::{self, Shell};
use crate::models::{AuditEntry, Job, JobState};

/// The list shows so many, the newest.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "pages/jobs.html")]
struct JobsPage {
    shell: Shell,
    jobs: Vec<JobView>,
    /// True when they are everybody's.
    is_all: bool,
}

#[derive(Template)]
#[template(path = "pages/job.html", blocks = ["job"])]
struct JobPage {
    shell: Shell,
    job: JobView,
    refused: Vec<Reason>,
    /// What is on record of it, for those who may see that.
    on_record: Option<String>,
}

struct JobView {
    id: i64,
    title: String,
    who: String,
    entity: String,
    started: Moment,
    ended: Option<Moment>,
    total: i64,
    done: i64,
    /// What came of it so far, in words.
    outcome: Vec<String>,
    state: &'static str,
    is_over: bool,
    is_good: bool,
    wants_to_end: bool,
    reason: String,
}

impl JobView {
    fn of(job: Job) -> Self {
        let state = job.state();
        let wants_to_end = job.wants_to_end;
        let count = |count: i64, what: &str| (count > 0).then(|| format!("{count} {what}"));
        // Some are gone, or are no longer among those that were meant, before it is their turn.
        let missed = if state == JobState::Done { job.total - job.done() } else { 0 };
        let counts = [
            Some(format!("{} {}", job.changed, if job.action == "delete" { "deleted" } else { "changed" })),
            count(job.unchanged, "so already"),
            count(job.refused, "refused"),
            count(job.failed, "failed"),
            count(missed, "not there any more"),
        ];
        JobView {
            id: job.id,
            done: if state == JobState::Done { job.total } else { job.done() },
            started: Moment(job.created_at),
            ended: job.ended_at.map(Moment),
            total: job.total,
            outcome: counts.into_iter().flatten().collect(),
            state: match state {
                JobState::Waiting => "Waiting",
                JobState::Running if wants_to_end => "Ending",
                JobState::Running => "Running",
                JobState::Done => "Done",
                JobState::Cancelled => "Cancelled",
                JobState::Stopped => "Stopped",
            },
            is_over: job.ended_at.is_some(),
            is_good: state == JobState::Done,
            wants_to_end,
            title: job.title,
            who: job.who,
            entity: job.entity,
            reason: job.reason,
        }
    }
}

/// GET `/jobs`
pub async fn list(person: SignedIn) -> Result<HttpResponse> {
    let is_all = person.actor.is_administrator();
    let whose = (!is_all).then_some(person.actor.user_id);
    let jobs = person.read(move |conn| Ok::<_, Error>(jobs::newest(conn, whose, SHOWN)?)).await?;
    let page = JobsPage { shell: person.shell.clone(), jobs: jobs.into_iter().map(JobView::of).collect(), is_all };
    html::page(&page.shell, StatusCode::OK, &page)
}

/// GET `/jobs/{id}`
pub async fn show(person: SignedIn, id: web::Path<i64>) -> Result<HttpResponse> {
    let (shell, actor) = (person.shell.clone(), person.actor.clone());
    let job = person.read(move |conn| job_of(conn, &actor, *id)).await?;
    let may_see = person.actor.may(Action::View, AuditEntry::NAME);
    let page = JobPage {
        shell,
        refused: Refusals::read(&job.refusals).0,
        on_record: may_see.then(|| format!("/audit?change_set={}", job.change_set)),
        job: JobView::of(job),
    };
    html::respond(&page.shell, StatusCode::OK, &page, &page.as_job())
}

/// POST `/jobs/{id}/cancel`: the job ends before its next transaction. What is done stays.
pub async fn cancel(person: SignedIn, id: web::Path<i64>) -> Result<HttpResponse> {
    let (actor, id) = (person.actor.clone(), *id);
    let asked = person.write(move |w| {
        let job = job_of(w.conn, &actor, id)?;
        Ok::<_, Error>(jobs::ask_to_end(w, job.id)?)
    });
    asked.await?;
    person.wake_worker();
    html::see_other(&person.shell, &format!("/jobs/{id}"), "")
}

/// A job of this person's; an administrator's are all.
fn job_of(conn: &mut AnyConnection, actor: &Actor, id: i64) -> Result<Job> {
    let job = jobs::get(conn, id)?.filter(|job| job.user_id == actor.user_id || actor.is_administrator());
    job.ok_or(Error::NotFound)
}
