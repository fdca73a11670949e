use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::access::{Access, View};
use crate::admin::bulk::{BulkAction, Chosen, Moved, Order, Preview, Selection, Which, action_of};
use crate::admin::form::Form;
use crate::admin::query::LIMITS;
use crate::admin::resource::Resource;
use crate::admin::views::{BulkPage, narrowed};
use crate::admin::{Registry, counted_exactly};
use crate::crud::{Crud, jobs};
use crate::error::{Error, Result};
use crate::html;
use crate::models::{NewJob, Onward};
use crate::token;

/// What a signed selection is for.
const PURPOSE: &str = "selection";

/// POST `/users/bulk`: what would come of an action on the chosen records; first the choice of a value, if it takes one.
pub async fn preview<R: Resource + Crud>(
    access: Access<R, View>,
    form: Form,
    registry: web::Data<Registry>,
) -> Result<HttpResponse> {
    let Some(chosen) = chosen::<R>(&form)? else {
        return refuse(&access, &form, "Choose records first: tick their boxes, the box of the page, or that for all.");
    };
    let Some(action) = action_of::<R>(form.single("action")?) else {
        return refuse(&access, &form, "Choose what to do.");
    };
    access.require(action.needs(), R::NAME)?;
    let value = form.single("value")?.to_owned();
    if action.takes_value() && (value.is_empty() || form.finding().is_some()) {
        let is_asked = form.text("asked") == "true" && form.finding().is_none();
        let fault = is_asked.then(|| "Choose one first.".to_owned());
        return ask_value(&access, action, form, chosen, fault).await;
    }
    let actor = access.actor.clone();
    let order = access.read(move |conn| Order::of::<R>(conn, &actor, action, &value)).await?;
    match order {
        Ok(order) => tell(&access, **registry, order, chosen, &form, None).await,
        Err(why) => ask_value(&access, action, form, chosen, Some(why)).await,
    }
}

/// POST `/users/bulk/start`: starts what a preview has told of, if the records are still the same.
pub async fn start<R: Resource + Crud>(
    access: Access<R, View>,
    form: Form,
    registry: web::Data<Registry>,
) -> Result<HttpResponse> {
    let signed = form.single("selection")?.to_owned();
    if signed.is_empty() {
        return refuse(&access, &form, "Choose records first: tick their boxes, the box of the page, or that for all.");
    }
    let mut selection = Selection::read(&access.signed(PURPOSE, &signed)?)?;
    selection.at = Some(access.now());
    let action = action_of::<R>(&selection.action).filter(|_| selection.entity == R::NAME);
    let action = action.ok_or_else(|| Error::BadRequest(format!("This was not chosen among {}.", R::NAME)))?;
    access.require(action.needs(), R::NAME)?;
    if let Some(done) = access.repeated().await? {
        return html::go_on(&access.shell, &done);
    }
    let key = token::hash(&signed);
    let (actor, seen, known) = (access.actor.clone(), selection.clone(), key.clone());
    let read = access.read(move |conn| {
        if let Some(job) = jobs::get_by_key(conn, &known)? {
            return Ok((Some(job.id), None, None));
        }
        let order = Order::of::<R>(conn, &actor, action, &seen.value)?;
        Ok::<_, Error>((None, Some(order), seen.moved::<R>(conn)?))
    });
    let (order, moved) = match read.await? {
        (Some(job), ..) => return html::see_other(&access.shell, &format!("/jobs/{job}"), ""),
        (None, order, moved) => (order, moved),
    };
    let order = order.ok_or(Error::NotFound)?.map_err(Error::Forbidden)?;
    if let Some(moved) = moved {
        return tell(&access, **registry, order, selection.which.chosen(), &form, Some((selection, moved))).await;
    }
    let is_dangerous = order.is_dangerous::<R>()?;
    if is_dangerous {
        access.confirmed(&form).await?;
    }
    let new = NewJob {
        key_hash: key,
        user_id: access.actor.user_id,
        who: access.actor.email.clone(),
        entity: R::NAME.into(),
        action: action.name.into(),
        value: selection.value.clone(),
        title: order.title(&counted_exactly::<R>(selection.seen.count)),
        selection: selection.write()?,
        total: selection.seen.count,
        is_confirmed: is_dangerous,
    };
    let started = access.write_once(move |w| {
        // Two that come at once: the second is led to what the first has started.
        if let Some(job) = jobs::get_by_key(w.conn, &new.key_hash)? {
            return Ok(Onward::to(format!("/jobs/{}", job.id), ""));
        }
        let job = jobs::create(w, new, R::NAME, &selection.which.in_words())?;
        Ok::<_, Error>(Onward::to(format!("/jobs/{}", job.id), ""))
    });
    let onward = started.await?;
    access.wake_worker();
    html::go_on(&access.shell, &onward)
}

/// The records that were chosen: all, else the page, else those that are ticked; none when none are.
fn chosen<R: Resource>(form: &Form) -> Result<Option<Chosen>> {
    if form.text("all") == "true" {
        // Without the list there is no knowing what all of it is.
        let list = form.back::<R>().ok_or_else(|| Error::BadRequest("All of which list are meant?".into()))?;
        let query = list.split_once('?').map_or("", |(_, query)| query);
        return Ok(Some(Chosen::All(query.to_owned())));
    }
    let rows = match form.text("page") {
        "" => form.values("row").unwrap_or_default(),
        page => page.split(' ').map(ToOwned::to_owned).collect(),
    };
    let ids: Result<Vec<i64>, _> = rows.iter().map(|id| id.parse()).collect();
    let mut ids = ids.map_err(|_| Error::BadRequest("A record is chosen by its number.".into()))?;
    ids.sort_unstable();
    ids.dedup();
    if ids.len() as i64 > LIMITS[LIMITS.len() - 1] {
        return Err(Error::BadRequest("Choose no more records one by one than a page has.".into()));
    }
    Ok((!ids.is_empty()).then_some(Chosen::Rows(ids)))
}

/// The page that says why nothing can be told yet.
fn refuse<R: Resource>(access: &Access<R, View>, form: &Form, why: &str) -> Result<HttpResponse> {
    let page = BulkPage::refused::<R>(access.shell.clone(), &access.actor, form.back::<R>(), why);
    html::page(&page.shell, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The page on which a value is chosen.
async fn ask_value<R: Resource>(
    access: &Access<R, View>,
    action: &'static BulkAction,
    form: Form,
    chosen: Chosen,
    fault: Option<String>,
) -> Result<HttpResponse> {
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (shell, actor) = (access.shell.clone(), access.actor.clone());
    let page = access.read(move |conn| BulkPage::asking::<R>(conn, shell, &actor, action, &form, &chosen, fault));
    let page = page.await?;
    html::page(&page.shell, status, &page)
}

/// The page that tells what would come of it; after a start that found other records than were seen, with the difference.
async fn tell<R: Resource + Crud>(
    access: &Access<R, View>,
    registry: Registry,
    order: Order,
    chosen: Chosen,
    form: &Form,
    moved: Option<(Selection, Moved)>,
) -> Result<HttpResponse> {
    let status = if moved.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let actor = access.actor.clone();
    let read = access.read(move |conn| {
        let (which, seen) = Which::see::<R>(conn, &chosen)?;
        let preview = Preview::of::<R>(conn, &actor, registry, &order, &which, seen)?;
        let narrowed = narrowed::<R>(conn, &actor, &chosen)?;
        Ok::<_, Error>((order, which, seen, (preview, narrowed)))
    });
    let (order, which, seen, preview) = read.await?;
    let (action, value) = (order.action.name.to_owned(), order.value.clone());
    let (entity, number) = (R::NAME.to_owned(), token::number());
    let selection = Selection { entity, action, value, which, seen, at: None, leaves_out: false, number };
    let sign = |selection: &Selection| access.sign(PURPOSE, &selection.write()?);
    let moved = match moved {
        // Only others came: what was seen is still there, and may be all that is meant.
        Some((seen, moved)) if moved.is_only_later => {
            let without = Selection { leaves_out: true, number: token::number(), ..seen };
            Some((moved, Some(sign(&without)?)))
        }
        moved => moved.map(|(_, moved)| (moved, None)),
    };
    let (shell, actor) = (access.shell.clone(), &access.actor);
    let page = BulkPage::telling::<R>(shell, actor, &order, sign(&selection)?, preview, moved, form.back::<R>());
    html::page(&page.shell, status, &page)
}
