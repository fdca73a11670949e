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
        if cfg!(target_os = "linux") { cores } else { cores.saturating_sub(1).max(1) }
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

impl Drop for Workers {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Dropped where requests are answered, it must not wait.
            runtime.shutdown_background();
        }
    }
}
