//! A device with a passkey: what a browser and its authenticator answer (W3C WebAuthn, 6.1, 6.5, 7), worked out here on its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Page, TestApp, Visitor};

const PASSKEYS: &str = "/account/second-factor/passkeys";
/// The person is there, and has shown who it is.
const VERIFIED: u8 = 0x05;

/// A device, and where its browser thinks to be.
#[derive(Clone)]
pub struct Device {
    key: SigningKey,
    pub id: Vec<u8>,
    pub origin: String,
    pub user: Vec<u8>,
    pub counter: u32,
    pub flags: u8,
}

impl Device {
    /// A new device, whose browser is at the application.
    pub fn new(app: &TestApp, seed: u8) -> Self {
        Device {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            id: vec![seed; 32],
            origin: app.url.replace("127.0.0.1", "localhost"),
            user: Vec::new(),
            counter: 0,
            flags: VERIFIED,
        }
    }

    /// Makes a passkey for someone who is logged in, called `Ship's key`.
    pub async fn add_to(&mut self, visitor: &Visitor) -> Page {
        let asked = Self::asked(&visitor.post(&format!("{PASSKEYS}/options"), &[]).await);
        let answer = self.made(&asked);
        visitor.post(PASSKEYS, &[("name", "Ship's key"), ("credential", &answer)]).await
    }

    /// What a browser was asked.
    pub fn asked(page: &Page) -> Value {
        assert_eq!(page.status, 200, "{}", page.text());
        serde_json::from_str(&page.body).expect("JSON")
    }

    /// What it answers when it is asked to make a key.
    pub fn made(&mut self, asked: &Value) -> String {
        let options = &asked["publicKey"];
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.user = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().expect("a user")).expect("base64url");
        let client = self.client("webauthn.create", options);
        let mut data = self.data(options["rp"]["id"].as_str().expect("a site"), self.flags | 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        // The public key, as COSE has it: a map of five, its kind, algorithm and curve, then both coordinates.
        let point = self.key.verifying_key().to_sec1_point(false);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point.as_bytes()[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point.as_bytes()[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(&data);
        self.answer(&json!({ "clientDataJSON": text(&client), "attestationObject": text(&object) }))
    }

    /// What it answers when it is asked to use its key.
    pub fn used(&mut self, asked: &Value) -> String {
        let options = &asked["publicKey"];
        self.counter += 1;
        let client = self.client("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().expect("a site"), self.flags);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(&json!({
            "clientDataJSON": text(&client), "authenticatorData": text(&data),
            "signature": text(signature.to_der().as_bytes()), "userHandle": text(&self.user),
        }))
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, site: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn answer(&self, response: &Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} }).to_string()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
