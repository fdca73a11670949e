//! Where a request comes from.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// The address of whoever asks. What proxies say of it (`X-Forwarded-For`) counts as far as each that said it is trusted:
/// read from the right, the first address that is none of theirs.
pub(super) fn of(request: &HttpRequest, trusted: &[IpAddr]) -> String {
    let Some(peer) = request.peer_addr().map(|peer| peer.ip().to_canonical()) else { return String::new() };
    let said = request.headers().get_all("X-Forwarded-For").filter_map(|value| value.to_str().ok());
    let said: Vec<_> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
    client(peer, &said, trusted).to_string()
}

fn client(peer: IpAddr, said: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    for hop in said.iter().rev() {
        if !trusted.contains(&client) {
            break;
        }
        let Ok(hop) = hop.parse::<IpAddr>() else { break };
        client = hop.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_of(peer: &str, said: &[&str], trusted: &[&str]) -> String {
        let address = |text: &&str| text.parse::<IpAddr>().expect("an address");
        let trusted: Vec<_> = trusted.iter().map(address).collect();
        client(address(&peer), said, &trusted).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(client_of("203.0.113.9", &["10.0.0.1"], &[]), "203.0.113.9");
        assert_eq!(client_of("10.0.0.1", &["203.0.113.9"], &["10.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn what_a_client_says_of_itself_is_not_believed() {
        assert_eq!(
            client_of("10.0.0.1", &["1.1.1.1", "203.0.113.9", "10.0.0.2"], &["10.0.0.1", "10.0.0.2"]),
            "203.0.113.9"
        );
        assert_eq!(client_of("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
    }
}
