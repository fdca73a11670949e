//! The threads that hash: as many as there are cores, and each gives way to whatever else wants one.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// So long a thread without work is kept, and with it the memory that its last hash was computed in.
const IDLE: Duration = Duration::from_secs(5);

/// By so many steps of niceness a thread that hashes steps back: a thread that answers requests counts about ten times as much.
#[cfg(target_os = "linux")]
const STEPS: i32 = 10;

/// Threads that are made when they are needed.
pub(super) struct Workers {
    /// None once they are let go.
    runtime: Option<Runtime>,
}

impl Workers {
    /// How many work at once: all cores where threads can step back, else one less than there are.
    pub fn count() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if can_step_back(cores) { cores } else { cores.saturating_sub(1).max(1) }
    }

    pub fn new(count: usize) -> Self {
        let mut builder = Builder::new_current_thread();
        builder.max_blocking_threads(count).thread_name("hash").thread_keep_alive(IDLE);
        #[cfg(target_os = "linux")]
        builder.on_thread_start(|| {
            // On Linux niceness is a thread's own. One that may not step back hashes all the same.
            let _ = rustix::process::nice(STEPS);
        });
        // Nothing is opened for a runtime without input and output.
        Workers { runtime: Some(builder.build().expect("a runtime of blocking threads")) }
    }

    /// Does `work` on one of the threads as soon as one is free. It is done though nobody waits for it.
    pub fn spawn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        self.runtime.as_ref().expect("until it is dropped").spawn_blocking(work)
    }
}

/// Not under a quota, as a container's limit is: whatever uses it up, all threads are stopped then.
#[cfg(target_os = "linux")]
fn can_step_back(cores: usize) -> bool {
    rustix::thread::sched_getaffinity(None).is_ok_and(|set| set.count() as usize <= cores)
}

#[cfg(not(target_os = "linux"))]
fn can_step_back(_cores: usize) -> bool {
    false
}

impl Drop for Workers {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Dropped where requests are answered, it must not wait.
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_thread_that_hashes_steps_back_and_no_other_does() {
        let niceness = || rustix::process::getpriority_process(None).expect("a niceness");
        let before = niceness();
        let there = Workers::new(1).spawn(niceness).await.expect("an answer");
        assert_eq!(there, (before + STEPS).min(19));
        assert_eq!(niceness(), before);
    }

    #[tokio::test]
    async fn no_more_work_at_once_than_was_said_and_all_of_it_is_done() {
        let workers = Workers::new(2);
        let (at_work, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let works: Vec<_> = (0..20)
            .map(|number| {
                let (at_work, most) = (Arc::clone(&at_work), Arc::clone(&most));
                workers.spawn(move || {
                    most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    at_work.fetch_sub(1, Ordering::SeqCst);
                    number
                })
            })
            .collect();
        for (number, work) in works.into_iter().enumerate() {
            assert_eq!(work.await.expect("an answer"), number);
        }
        assert!(most.load(Ordering::SeqCst) <= 2, "two threads");
    }
}
