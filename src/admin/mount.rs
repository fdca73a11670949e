//! The routes of an entity. Each handler has its guard in its signature, so an entity can't have fewer of them.

use actix_web::web;

use super::plans::{Plan, Samples, plans};
use super::relation::record_link;
use super::resource::{COUNT_CAP, Resource, counted};
use super::shown::Link;
use super::{bulk, handlers, store};
use crate::access::{Action, Actor, Turn};
use crate::crud::Crud;
use crate::db::{AnyConnection, Write};
use crate::error::{Error, Result};
use crate::models::Job;

/// An entity in the registry, as what is not about its records sees it.
#[derive(Clone, Copy)]
pub struct Registered {
    pub name: &'static str,
    /// One of them, in running text.
    pub one: &'static str,
    /// The heading of its list.
    pub heading: fn() -> String,
    /// What can be done to its records.
    pub actions: &'static [Action],
    /// What a field is called.
    pub field_label: fn(&str) -> Option<&'static str>,
    pub mount: fn(&mut web::ServiceConfig),
    pub summary: fn(&mut AnyConnection, &Actor) -> Result<Summary>,
    /// How many of its records point to one of an entity, in words; nothing where none does.
    pub pointing_to: fn(&mut AnyConnection, &str, i64) -> Result<Vec<String>>,
    /// How the database would answer what can be asked for of its records.
    pub plans: fn(&mut AnyConnection, &Samples) -> Result<Vec<Plan>>,
    /// The records whose turn is next in a job, and what is done to them.
    pub(super) bulk_next: fn(&mut AnyConnection, &Job) -> Result<Vec<i64>>,
    pub(super) bulk_turn: fn(&mut Write, &Actor, Registry, &Job, &[i64]) -> Result<Turn>,
    /// Deletes those records, and what points to them.
    delete_pointing_to: fn(&mut Write, Registry, &str, i64) -> Result<()>,
}

/// Every entity, for what looks across them.
#[derive(Clone, Copy)]
pub struct Registry(pub &'static [Registered]);

impl Registry {
    /// Deletes every record that points to one of an entity, and so on from those.
    pub(super) fn delete_pointing_to(self, w: &mut Write, entity: &str, id: i64) -> Result<()> {
        self.0.iter().try_for_each(|registered| (registered.delete_pointing_to)(w, self, entity, id))
    }

    /// What goes with a record when it is deleted, in words.
    pub(super) fn going_with<R: Resource>(self, conn: &mut AnyConnection, record: &R) -> Result<Vec<String>> {
        let mut going = Vec::new();
        for entity in self.0 {
            going.extend((entity.pointing_to)(conn, R::NAME, record.id())?);
        }
        going.extend(R::goes_with(conn, record)?);
        Ok(going)
    }
}

/// The dashboard shows so many records of an entity.
const NEWEST: i64 = 5;

/// What the dashboard says of an entity.
pub struct Summary {
    pub heading: String,
    pub name: &'static str,
    pub one: &'static str,
    /// Counted no further than a list counts.
    pub count: String,
    pub may_create: bool,
    /// The newest of them.
    pub newest: Vec<Link>,
}

impl Registered {
    #[must_use]
    pub const fn of<R: Resource + Crud>() -> Self {
        Registered {
            mount: mount::<R>,
            bulk_next: bulk::next::<R>,
            bulk_turn: bulk::turn::<R>,
            delete_pointing_to: store::delete_pointing_to::<R>,
            ..Self::read_only::<R>()
        }
    }

    /// An entity whose records nobody changes: what is not mounted can't be done.
    #[must_use]
    pub const fn read_only<R: Resource>() -> Self {
        Registered {
            name: R::NAME,
            one: R::ONE,
            heading: R::heading,
            actions: R::ACTIONS,
            field_label: field_label::<R>,
            mount: mount_read_only::<R>,
            summary: summary::<R>,
            pointing_to: pointing_to::<R>,
            plans: plans::<R>,
            bulk_next: |_, _| Ok(Vec::new()),
            bulk_turn: |_, _, _, _, _| Err(Error::internal("what nobody changes has no jobs")),
            delete_pointing_to: |_, _, _, _| Ok(()),
        }
    }
}

fn field_label<R: Resource>(name: &str) -> Option<&'static str> {
    R::fields().iter().find(|field| field.name == name).map(|field| field.label)
}

/// Mounts the routes that change nothing.
fn mount_read_only<R: Resource>(config: &mut web::ServiceConfig) {
    let name = R::NAME;
    config
        .service(web::resource(format!("/{name}")).route(web::get().to(handlers::list::<R>)))
        .service(web::resource(format!("/{name}/export")).route(web::get().to(handlers::export::<R>)))
        .service(web::resource(format!("/{name}/{{id}}")).route(web::get().to(handlers::show::<R>)));
}

/// Mounts all routes of an entity.
pub fn mount<R: Resource + Crud>(config: &mut web::ServiceConfig) {
    let name = R::NAME;
    config
        .service(
            web::resource(format!("/{name}"))
                .route(web::get().to(handlers::list::<R>))
                .route(web::post().to(handlers::create::<R>)),
        )
        .service(web::resource(format!("/{name}/bulk")).route(web::post().to(handlers::preview::<R>)))
        .service(web::resource(format!("/{name}/bulk/start")).route(web::post().to(handlers::start::<R>)))
        .service(web::resource(format!("/{name}/export")).route(web::get().to(handlers::export::<R>)))
        .service(web::resource(format!("/{name}/new")).route(web::get().to(handlers::new::<R>)))
        .service(
            web::resource(format!("/{name}/{{id}}"))
                .route(web::get().to(handlers::show::<R>))
                .route(web::post().to(handlers::save::<R>))
                .route(web::patch().to(handlers::save::<R>))
                .route(web::delete().to(handlers::delete::<R>)),
        )
        .service(
            web::resource(format!("/{name}/{{id}}/delete"))
                .route(web::get().to(handlers::confirm_delete::<R>))
                .route(web::post().to(handlers::delete::<R>)),
        )
        .service(
            web::resource(format!("/{name}/{{id}}/{{field}}"))
                .route(web::get().to(handlers::cell::<R>))
                .route(web::patch().to(handlers::save_cell::<R>)),
        )
        .service(web::resource(format!("/{name}/{{id}}/{{field}}/edit")).route(web::get().to(handlers::edit_cell::<R>)))
        .service(web::resource(format!("/options/{name}")).route(web::get().to(handlers::options::<R>)));
}

fn pointing_to<R: Resource>(conn: &mut AnyConnection, entity: &str, id: i64) -> Result<Vec<String>> {
    let mut counts = Vec::new();
    for points_to in R::fields().iter().filter_map(|field| field.points_to.as_ref()) {
        if points_to.entity == entity {
            let count = R::count_up_to(conn, vec![(points_to.condition)(id)], COUNT_CAP + 1)?;
            counts.extend((count > 0).then(|| counted(count, R::ONE, R::NAME)));
        }
    }
    Ok(counts)
}

fn summary<R: Resource>(conn: &mut AnyConnection, actor: &Actor) -> Result<Summary> {
    let counted = super::listing::COUNTED;
    let count = R::count_up_to(conn, Vec::new(), counted + 1)?;
    Ok(Summary {
        heading: R::heading(),
        name: R::NAME,
        one: R::ONE,
        count: if count > counted { "1,000+".into() } else { count.to_string() },
        may_create: R::ACTIONS.contains(&Action::Create) && actor.may(Action::Create, R::NAME),
        newest: R::newest(conn, NEWEST)?.iter().map(|record| record_link(actor, record)).collect(),
    })
}
