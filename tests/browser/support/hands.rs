//! What a person does.

use super::find::{buttons, labelled, links, options};
use super::{Browser, Key};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;

const TEXT_FIELD: &str = "self::textarea or self::input[not(@type='checkbox' or @type='radio' or @type='hidden')]";
const TICK_BOX: &str = "self::input[@type='checkbox']";
const CHOICE: &str = "self::input[@type='checkbox' or @type='radio']";

impl Browser {
    pub async fn goto(&self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.until(&format!("go to {path}"), async || self.client.goto(&url).await.map(Some)).await;
    }

    pub async fn back(&self) {
        self.until("go back", async || self.client.back().await.map(Some)).await;
    }

    pub async fn click_button(&self, name: &str) {
        self.on(&format!("click the button {name:?}"), &buttons(name), async |it| it.click().await).await;
    }

    pub async fn double_click(&self, name: &str) {
        let found = self.on(&format!("find the button {name:?}"), &buttons(name), async |it| Ok(it.clone())).await;
        let at = PointerAction::MoveToElement { element: found, duration: None, x: 0.0, y: 0.0 };
        let (down, up) = (PointerAction::Down { button: 0 }, PointerAction::Up { button: 0 });
        let mouse = [at, down.clone(), up.clone(), down, up];
        let mouse = mouse.into_iter().fold(MouseActions::new("mouse".to_owned()), MouseActions::then);
        self.until(&format!("double-click {name:?}"), async || {
            self.client.perform_actions(mouse.clone()).await.map(Some)
        })
        .await;
    }

    pub async fn click_link(&self, name: &str) {
        self.on(&format!("click the link {name:?}"), &links(name), async |it| it.click().await).await;
    }

    /// Types `text` over whatever the field holds.
    pub async fn fill(&self, label: &str, text: &str) {
        let select_all = Key::Control + "a" + &Key::Null;
        let keys = if text.is_empty() { select_all + &Key::Delete } else { select_all + text };
        let step = format!("fill {label:?} with {text:?}");
        self.on(&step, &labelled(TEXT_FIELD, label), async |field| field.send_keys(&keys).await).await;
    }

    /// What the field holds.
    pub async fn value(&self, label: &str) -> String {
        let fields = labelled(&format!("{TEXT_FIELD} or self::select"), label);
        let field = Locator::XPath(&fields);
        self.until(&format!("read {label:?}"), async || self.client.find(field).await?.prop("value").await).await
    }

    pub async fn tick(&self, label: &str) {
        self.set(&format!("tick {label:?}"), &labelled(TICK_BOX, label), true).await;
    }

    pub async fn untick(&self, label: &str) {
        self.set(&format!("untick {label:?}"), &labelled(TICK_BOX, label), false).await;
    }

    /// Picks one of several choices, radio buttons or tick boxes.
    pub async fn choose(&self, label: &str) {
        self.set(&format!("choose {label:?}"), &labelled(CHOICE, label), true).await;
    }

    pub async fn select(&self, label: &str, option: &str) {
        let step = format!("select {option:?} in {label:?}");
        self.on(&step, &options(label, option), async |it| it.click().await).await;
    }

    async fn set(&self, step: &str, boxes: &str, ticked: bool) {
        self.on(step, boxes, async |it| if it.is_selected().await? == ticked { Ok(()) } else { it.click().await })
            .await;
    }

    /// Acts on the first that a person could use: seen, and not disabled.
    async fn on<T>(&self, step: &str, xpath: &str, act: impl AsyncFn(&Element) -> Result<T, CmdError>) -> T {
        self.until(step, async || {
            for element in self.client.find_all(Locator::XPath(xpath)).await? {
                if element.is_displayed().await? && element.is_enabled().await? {
                    return act(&element).await.map(Some);
                }
            }
            Ok(None)
        })
        .await
    }
}
