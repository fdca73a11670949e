//! What is wrong with a plan, if anything is. A plan is good when it costs what the page shows, however many rows there are.

use quarterdeck::admin::{Lead, Plan};

/// A narrow list is read whole and sorted: up to so many rows.
const FEW: u64 = 2000;

/// So many rows a search walks through: where a filter leaves fewer of them, to sort those is as good.
const WALK: u64 = 5000;

/// What a search finds first, and then speaks of (`db/candidates.rs`): bounded, as is what the index finds once a walk through
/// the list met too few, which is called the rest.
const HEAD: [&str; 7] = ["parts", "asked", "candidates", "size", "found", "walked", "page"];

/// A step of a plan, and what is done for it.
struct Step<'a> {
    depth: usize,
    text: &'a str,
    /// What PostgreSQL says of it: conditions, filters, keys.
    notes: Vec<&'a str>,
}

/// A sentence on what is wrong with a plan, and which index would mend it; none when nothing is.
pub fn fault(plan: &Plan, is_postgres: bool) -> Option<String> {
    let steps = if is_postgres { postgres_steps(&plan.steps) } else { sqlite_steps(&plan.steps) };
    let found = if is_postgres { postgres(plan, &steps) } else { sqlite(&steps) };
    let is_led = plan.lead.as_ref().is_none_or(|lead| is_looked_up(lead, &steps, is_postgres));
    let fault = found.or_else(|| (!is_led).then(|| "no index leads to it".to_owned()))?;
    let index = plan.lead.as_ref().map(|Lead { table, columns, .. }| {
        let columns = columns.join(", ");
        format!(" Add an index on {table} ({columns}) in a migration of each database, in SQLite without the id of the table's own rows.")
    });
    Some(format!("{}: {fault}.{}\n{}", plan.what, index.unwrap_or_default(), plan.steps.join("\n")))
}

fn sqlite_steps(lines: &[String]) -> Vec<Step<'_>> {
    let step = |line: &'_ String| (line.len() - line.trim_start().len()) / 2;
    lines.iter().map(|line| Step { depth: step(line), text: line.trim_start(), notes: Vec::new() }).collect()
}

fn postgres_steps(lines: &[String]) -> Vec<Step<'_>> {
    let mut steps: Vec<Step> = Vec::new();
    for line in lines {
        let depth = line.len() - line.trim_start().len();
        let text = line.trim_start();
        match text.strip_prefix("->  ").or(Some(text).filter(|text| text.starts_with("CTE "))) {
            Some(text) => steps.push(Step { depth, text, notes: Vec::new() }),
            None if steps.is_empty() => steps.push(Step { depth, text, notes: Vec::new() }),
            None => steps.last_mut().expect("a step").notes.push(text),
        }
    }
    steps
}

/// The steps beside one, which are done for the same.
fn beside<'a>(steps: &'a [Step], place: usize) -> impl Iterator<Item = &'a str> {
    let depth = steps[place].depth;
    let before = steps[..place].iter().rev().take_while(move |step| step.depth >= depth);
    let after = steps[place..].iter().take_while(move |step| step.depth >= depth);
    before.chain(after).filter(move |step| step.depth == depth).map(|step| step.text)
}

fn sqlite(steps: &[Step]) -> Option<String> {
    steps.iter().enumerate().find_map(|(place, step)| {
        // What a query in the query finds has an end of its own.
        let is_inner = |name: &str| {
            HEAD.contains(&name) || beside(steps, place).any(|text| text.strip_prefix("CO-ROUTINE ") == Some(name))
        };
        let name = step.text.split(' ').nth(1).unwrap_or_default();
        if step.text.contains(" AUTOMATIC ") && !is_inner(name) {
            return Some(format!("an index on {name} is made for it alone"));
        }
        if step.text.starts_with("SCAN ")
            && ![" USING ", " VIRTUAL TABLE ", " CONSTANT ROW"].iter().any(|word| step.text.contains(word))
        {
            // The rest is read from one end to the other when it is so much of the table that this is the quickest way; else by an index.
            let is_found = |(other, step): (usize, &Step)| {
                step.text.starts_with(&format!("SEARCH {name} USING ")) && is_for(steps, other, "CO-ROUTINE rest")
            };
            let is_rest = is_for(steps, place, "CO-ROUTINE rest") && steps.iter().enumerate().any(is_found);
            return (!is_inner(name) && !is_rest).then(|| format!("it reads all of {name}"));
        }
        let sorts = step.text.starts_with("USE TEMP B-TREE FOR ") && step.text.ends_with("ORDER BY");
        let is_bounded = |text: &str| {
            let name = text.split(' ').nth(1).unwrap_or_default();
            let one = [" USING INTEGER PRIMARY KEY (rowid=?)", " EXISTS USING ", " VIRTUAL TABLE "];
            is_inner(name) || one.iter().any(|word| text.contains(word))
        };
        let mut rows = beside(steps, place).filter(|text| text.starts_with("SCAN ") || text.starts_with("SEARCH "));
        (sorts && !rows.all(is_bounded)).then(|| "it sorts all that it finds".to_owned())
    })
}

fn postgres(plan: &Plan, steps: &[Step]) -> Option<String> {
    steps.iter().enumerate().find_map(|(place, step)| {
        if step.text.starts_with("Seq Scan on ") {
            let table = step.text.split(' ').nth(3).unwrap_or_default();
            return Some(format!("it reads all of {table}"));
        }
        if step.text.starts_with("Sort ") {
            let sorted = steps.get(place + 1).map_or(0, rows);
            let is_bounded = is_for(steps, place, "Subquery Scan on rest")
                || (is_for(steps, place, "CTE walked") && sorted <= WALK)
                || is_index_named(steps, place);
            return (sorted > FEW && !is_bounded).then(|| format!("it sorts {sorted} rows"));
        }
        // Where no two rows are equal in the first column, what is equal in it needs no sorting.
        let source = steps[place..].iter().find(|step| step.text.contains("Scan"));
        if step.text.starts_with("Incremental Sort ") && !source.is_some_and(is_by_unique) {
            return Some("it sorts rows that are equal in a part of the order".to_owned());
        }
        let is_walk = (step.text.starts_with("Index Scan") || step.text.starts_with("Index Only Scan"))
            && !step.notes.iter().any(|note| note.starts_with("Index Cond: "))
            && step.notes.iter().any(|note| note.starts_with("Filter: "));
        (is_walk && !plan.may_walk).then(|| "it passes over rows that the filter does not want".to_owned())
    })
}

/// True when a step is done for one that begins with this text.
fn is_for(steps: &[Step], place: usize, text: &str) -> bool {
    let mut depth = steps[place].depth;
    steps[..place].iter().rev().any(|step| {
        let is_above = step.depth < depth;
        depth = depth.min(step.depth);
        is_above && step.text.starts_with(text)
    })
}

/// True of a sort by one column to take the first so many: the order only names an index, and they are all here, for the
/// tables of this test are small. What a list is sorted by ends with the id.
fn is_index_named(steps: &[Step], place: usize) -> bool {
    let is_by_one = steps[place].notes.iter().any(|note| note.starts_with("Sort Key: ") && !note.contains(','));
    is_by_one && place > 0 && steps[place - 1].text.starts_with("Limit ")
}

/// How many rows PostgreSQL expects of a step.
fn rows(step: &Step) -> u64 {
    let rows = step.text.split_once(" rows=").and_then(|(_, rest)| rest.split_once(' '));
    rows.and_then(|(rows, _)| rows.parse().ok()).unwrap_or_else(|| panic!("a step has a number of rows: {}", step.text))
}

/// True of a step by an index in which no two rows are equal: a constraint made it, and PostgreSQL gave it its name.
fn is_by_unique(step: &Step) -> bool {
    step.text.contains("_key ")
}

/// True when an index is looked up by all that can be known of where a list, or the rest of it, begins.
fn is_looked_up(lead: &Lead, steps: &[Step], is_postgres: bool) -> bool {
    let Lead { table, looked_up, .. } = lead;
    steps.iter().any(|step| {
        let condition = if is_postgres {
            let is_on_table =
                step.text.contains(&format!(" on {table} ")) || step.text.starts_with("Bitmap Index Scan");
            let condition = step.notes.iter().find_map(|note| note.strip_prefix("Index Cond: "));
            condition.filter(|_| is_on_table)
        } else {
            let is_search = step.text.starts_with(&format!("SEARCH {table} USING "));
            step.text.split_once(" (").filter(|_| is_search).map(|(_, condition)| condition)
        };
        let has = |column: &&'static str| {
            let is_id = *column == "id" && *table != "sorted_user_roles";
            condition.is_some_and(|text| has_word(text, column) || (is_id && !is_postgres && has_word(text, "rowid")))
        };
        let known =
            if is_postgres && is_by_unique(step) { &looked_up[..looked_up.len().min(1)] } else { &looked_up[..] };
        known.iter().all(has)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}
