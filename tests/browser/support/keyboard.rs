//! The keyboard, for whatever has the focus.

use super::{Browser, Key};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};

impl Browser {
    pub async fn press(&self, key: Key) {
        self.keys(&format!("press {key:?}"), [down(key), up(key)]).await;
    }

    /// A key while another is held down: `press_with(Key::Shift, Key::Tab)`.
    pub async fn press_with(&self, held: Key, key: Key) {
        let keys = [down(held), down(key), up(key), up(held)];
        self.keys(&format!("press {key:?} with {held:?}"), keys).await;
    }

    pub async fn type_text(&self, text: &str) {
        let keys = text.chars().flat_map(|character| [down(character), up(character)]);
        self.keys(&format!("type {text:?}"), keys).await;
    }

    async fn keys(&self, step: &str, keys: impl IntoIterator<Item = KeyAction>) {
        let keyboard = KeyActions::new("keyboard".to_owned());
        let keys = keys.into_iter().fold(keyboard, KeyActions::then);
        self.until(step, async || self.client.perform_actions(keys.clone()).await.map(Some)).await;
    }
}

fn down(key: impl Into<char>) -> KeyAction {
    KeyAction::Down { value: key.into() }
}

fn up(key: impl Into<char>) -> KeyAction {
    KeyAction::Up { value: key.into() }
}
