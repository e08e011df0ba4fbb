//! Rules about servers that answer: how they send their chain, what they speak, and whom they let in.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &CLIENT_CERTIFICATE_REQUIRED,
    &CLIENT_CERTIFICATE_REFUSED,
    &CLIENT_CERTIFICATE_REQUESTED,
    &CHAIN_NOT_RENEWED,
    &EXPIRES_SOON,
    &ANCHOR_EXPIRES_SOON,
    &COMMON_NAME_ONLY,
    &DUPLICATE,
    &UNRELATED,
    &ROOT_SENT,
    &STAPLE_MISSING,
    &STAPLE_REVOKED,
    &STAPLE_STALE,
    &STAPLE_USELESS,
    &SERVER_NAME_DECIDES,
    &LEGACY_OFFERED,
    &SUITE_OUTDATED,
    &ADDRESSES_DIFFER,
    &OBSERVED_DIFFERS,
    &NOT_OBSERVED,
];

rule!(
    CLIENT_CERTIFICATE_REQUIRED,
    "client-certificate-required",
    Error,
    Client,
    "The server demands a client certificate, and none was sent",
    "A server that asks for a certificate in the handshake and ends the connection when none comes.",
    "Under TLS 1.3 the client is through with the handshake before the server refuses: the error comes with the first read, as `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED`, after `secureConnect`. Under TLS 1.2 it comes in the \
handshake, mostly as `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE` (18, 20) or `ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE` (22 and later), which does not say so. A Node server with `requestCert` closes the connection \
or goes on, as its program decides; nginx answers HTTP 400 inside the connection.",
    "error[client-certificate-required]: the server demands a client certificate from `CN=Example Client CA`, and none was sent: it ends the connection with the alert certificate_required (116)",
    "Get a certificate from one of the CAs that the server names, and give it to the connection with its intermediates and its key: `cert` and `key`, or `pfx`, of `tls.connect`, `https.Agent` or the driver's `ssl` object. \
On the command line: `trust-anchors diagnose … --cert client-fullchain.pem --key client.key`.",
    "- RFC 8446 sections 4.3.2 and 6.2, `certificate_required`\n- Node `lib/internal/tls/secure-context.js`, `configSecureContext`"
);
rule!(
    CLIENT_CERTIFICATE_REFUSED,
    "client-certificate-refused",
    Error,
    Client,
    "The server does not accept the client certificate",
    "A server that ends the connection with an alert once it has seen the certificate of the client, or a certificate that cannot be sent. What speaks against it is looked up in this order: its dates, its extended key \
usage, the names of the CAs that the server accepts, then what the alert says.",
    "The server checks the client's chain as a client checks its own. The alert tells the reason roughly: `unknown_ca`, `certificate_expired`, `bad_certificate`; many servers say `handshake_failure` whatever it is. \
Node reports `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA` and the like, under TLS 1.3 after `secureConnect`.",
    "error[client-certificate-refused]: the server does not accept the client certificate `client.example.com`: `CN=Other CA` issued it, and the server accepts certificates from `CN=Example Client CA` (alert unknown_ca (48))",
    "Compare the certificate with what the server wants: `openssl x509 -in client.pem -noout -issuer -dates -ext extendedKeyUsage`. Send its intermediates after it; a server that knows the root alone cannot find them. Or let the \
server trust its CA.",
    "- RFC 8446 sections 4.4.2.3 and 6.2\n- OpenSSL `ssl/statem/statem_srvr.c`, `tls_process_client_certificate`"
);
rule!(
    CLIENT_CERTIFICATE_REQUESTED,
    "client-certificate-requested",
    Info,
    Client,
    "The server asks for a client certificate, and goes on without one",
    "A server that asks for a certificate in the handshake and completes it when none comes.",
    "Such a server may still refuse requests inside the connection, as nginx does with HTTP 400 (`No required SSL certificate was sent`), or give less to clients without one.",
    "note[client-certificate-requested]: the server asks for a client certificate from `CN=Example Client CA`, and goes on without one",
    "Nothing has to be done while requests are answered. Otherwise give the connection a client certificate: `cert` and `key` of `tls.connect`, `https.Agent` or the driver's `ssl` object.",
    "- RFC 8446 section 4.3.2"
);
rule!(
    CHAIN_NOT_RENEWED,
    "chain-not-renewed",
    Info,
    Server,
    "The chain was not renewed together with the certificate",
    "Beside a missing intermediate: a leaf sent with an older intermediate that did not issue it, or a leaf alone that is less than thirty days old.",
    "CAs change their intermediates, and every certificate has to be sent with those it was issued with. A renewal that replaces the leaf alone leaves the intermediates of the one before; one that puts `cert.pem` where \
`fullchain.pem` was leaves none. Browsers hide both, Node fails with `UNABLE_TO_VERIFY_LEAF_SIGNATURE`. When clients could connect before cannot be seen from outside.",
    "note[chain-not-renewed]: `www.example.com` was issued by `CN=Example CA 2`, and sent with `Example CA 1`, which may have issued the one before it: the chain was not renewed with the certificate",
    "Have the renewal put the whole chain in place: certbot's `fullchain.pem`, acme.sh's `--fullchain-file`. Then reload the server.",
    "- RFC 8446 section 4.4.2"
);
rule!(
    EXPIRES_SOON,
    "chain-expires-soon",
    Warning,
    Server,
    "A certificate that the server sends expires soon",
    "A leaf or intermediate of the path whose notAfter is less than `minDaysLeft` days away (30 by default).",
    "From the second of notAfter on the chain fails with `CERT_HAS_EXPIRED` (all versions), whichever of its certificates it is. Renewals that run by themselves have usually renewed by then.",
    "warning[chain-expires-soon]: `www.example.com` expires on 2030-06-20 (position 0 of the path), in 19 days: Node fails with CERT_HAS_EXPIRED from then on",
    "Renew the certificate and reload the server; for an intermediate, take the CA's current one. See why the renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`"
);
rule!(
    ANCHOR_EXPIRES_SOON,
    "chain-anchor-expires-soon",
    Warning,
    Client,
    "The root that the chain ends in expires soon",
    "A certificate of the trust store in the path whose notAfter is less than `minDaysLeft` days away (30 by default).",
    "OpenSSL checks the dates of roots like those of any other certificate: `CERT_HAS_EXPIRED` (all versions).",
    "warning[chain-anchor-expires-soon]: `Example Root` of the trust store expires on 2030-06-20 (position 2 of the path), in 19 days: Node fails with CERT_HAS_EXPIRED from then on",
    "Get the CA's next root from whoever runs it, and trust both until the servers have moved over.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`"
);
rule!(
    COMMON_NAME_ONLY,
    "chain-common-name-only",
    Info,
    Server,
    "The host stands in the common name alone",
    "A leaf that Node accepts for a host by its common name, since it has no DNS name in subjectAltName.",
    "`tls.checkServerIdentity` looks at the common name where a certificate has no DNS names (all versions). RFC 9525 ends that; browsers, Go, Java's newer clients and curl with other libraries refuse such certificates.",
    "note[chain-common-name-only]: `www.example.com` has no DNS name in subjectAltName: Node takes its common name for one, browsers and other clients refuse it",
    "Have the certificate issued again with its names as subject alternative names: `openssl req … -addext subjectAltName=DNS:www.example.com`.",
    "- Node `lib/tls.js`, `checkServerIdentity`\n- RFC 9525 section 6.3"
);
rule!(
    DUPLICATE,
    "chain-duplicate-certificate",
    Info,
    Server,
    "A certificate is sent more than once",
    "A certificate that stands at two positions of the message.",
    "OpenSSL takes the first and ignores the rest; stricter clients and appliances stumble over it. It happens when a file that holds the leaf already is appended to the leaf.",
    "note[chain-duplicate-certificate]: `www.example.com` is sent twice, at positions 0 and 1: the repetition helps nobody",
    "Write the chain file anew: the leaf, then each one's issuer, without the root.",
    "- RFC 8446 section 4.4.2"
);
rule!(
    UNRELATED,
    "chain-unrelated-certificate",
    Info,
    Server,
    "A certificate is sent that does not belong to the chain",
    "A certificate to which no issuer's name leads, beginning with the leaf.",
    "OpenSSL ignores it, at the cost of its octets in every handshake. Mostly it is the intermediate of an earlier certificate, or a whole bundle of CAs.",
    "note[chain-unrelated-certificate]: `Other CA` is sent and has nothing to do with the certificate: no issuer's name leads to it",
    "Write the chain file anew: the leaf, then each one's issuer, without the root.",
    "- RFC 8446 section 4.4.2"
);
rule!(
    ROOT_SENT,
    "chain-root-sent",
    Info,
    Server,
    "The root is sent along",
    "A self-signed certificate among those sent, above the leaf.",
    "RFC 8446 lets servers leave it out: trust comes from the client's own store. When it is missing there, Node says `SELF_SIGNED_CERT_IN_CHAIN` in place of `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`; that is all the difference it makes.",
    "note[chain-root-sent]: the root `Example Root` is sent along: a client that trusts it has it already, and to one that does not it means nothing",
    "Leave the root out of the chain file; what ACME clients call `fullchain.pem` does not hold it.",
    "- RFC 8446 section 4.4.2"
);
rule!(
    STAPLE_MISSING,
    "ocsp-staple-missing",
    Warning,
    Server,
    "The certificate demands a stapled OCSP response, and none is sent",
    "A leaf with the TLS feature `status_request` (\"must staple\") whose server staples nothing.",
    "Node ignores the demand (all versions). Firefox and other clients that honour it refuse the connection. nginx staples nothing to the first clients after it is started, until it has fetched a response.",
    "warning[ocsp-staple-missing]: `www.example.com` demands that an OCSP response is stapled to it, and none is: Node does not mind, clients that honour the demand refuse it",
    "Turn stapling on: nginx `ssl_stapling on;` with a `resolver`, Apache `SSLUseStapling on`, HAProxy `ocsp-update on`. Or have the certificate issued without the extension; Let's Encrypt has ended OCSP in 2025.",
    "- RFC 7633 section 4"
);
rule!(
    STAPLE_REVOKED,
    "ocsp-staple-revoked",
    Warning,
    Server,
    "The stapled OCSP response says that the certificate is revoked",
    "A response to the leaf whose certStatus is `revoked`.",
    "Node does not ask for OCSP responses unless `requestOCSP` is set, and never looks at one by itself (all versions): it connects. Browsers and other clients that look refuse the connection, and whoever had the certificate \
revoked means it: its key may be in other hands.",
    "warning[ocsp-staple-revoked]: the OCSP response that is stapled to `www.example.com` says that it was revoked on 2026-01-02: Node does not look at it, other clients refuse the connection",
    "Have a new certificate issued for a new key, put it in place and reload the server. Find out why the old one was revoked.",
    "- RFC 6960 section 2.2\n- Node `doc/api/tls.md`, event `OCSPResponse`"
);
rule!(
    STAPLE_STALE,
    "ocsp-staple-stale",
    Warning,
    Server,
    "The stapled OCSP response is out of date",
    "A response whose nextUpdate is over, or whose thisUpdate is yet to come.",
    "Node does not look at it (all versions). Clients that do take a stale response for none, and one that must be there for a fault. The server no longer reaches the CA's responder, or keeps a file that nobody renews.",
    "warning[ocsp-staple-stale]: the OCSP response that is stapled to `www.example.com` was to be replaced by 2030-05-08T00:00:00Z: Node does not look at it, other clients refuse the connection",
    "Let the server reach the responder (`openssl x509 -in fullchain.pem -noout -ocsp_uri`), nginx with a `resolver`; renew the file behind `ssl_stapling_file` or HAProxy's `.ocsp`. Compare the server's clock.",
    "- RFC 6960 sections 3.2 and 4.2.2.1"
);
rule!(
    STAPLE_USELESS,
    "ocsp-staple-useless",
    Warning,
    Server,
    "The stapled OCSP response says nothing about the certificate",
    "A response that cannot be read, holds a fault of the responder in place of an answer, is about another certificate, or is not signed for the CA.",
    "Node does not look at it (all versions). Clients that do refuse the connection, or go on as if there were none.",
    "warning[ocsp-staple-useless]: what is stapled to `www.example.com` is no OCSP response that can be read: Node does not look at it, other clients refuse the connection",
    "Have the server fetch a new response: reload it, and see its log. After a renewal a file with a response has to be fetched anew, since it belongs to one certificate.",
    "- RFC 6960 sections 2.3 and 4.2.1"
);
rule!(
    SERVER_NAME_DECIDES,
    "server-name-decides",
    Info,
    Server,
    "Clients that send no server name get another certificate, or none",
    "A server whose answer to a handshake without server name indication differs from the one with it.",
    "Node sends the host name unless it is an address. Database drivers, agents with `servername: ''` and old clients do not, and get the certificate of the server's default: `ERR_TLS_CERT_ALTNAME_INVALID`, or one that is not trusted.",
    "note[server-name-decides]: the server goes by the server name: to a client that sends none it sends `default.example.com`",
    "Nothing has to be done while all clients send the name. Otherwise make this certificate the default of the server, or have the client send the name: `servername` of the connection.",
    "- RFC 6066 section 3\n- Node `lib/internal/tls/wrap.js`, `connect`"
);
rule!(
    LEGACY_OFFERED,
    "protocol-legacy-offered",
    Info,
    Server,
    "The server still speaks retired TLS versions",
    "A server that completes its part of a handshake in TLS 1.1 or older, beside the current versions.",
    "Node speaks TLS 1.2 and later by itself (all versions), so nothing changes for it; RFC 8996 retires the older ones, and audits complain.",
    "note[protocol-legacy-offered]: the server still speaks TLSv1 and TLSv1.1, which RFC 8996 retires; Node does not use it by itself",
    "Turn them off: nginx `ssl_protocols TLSv1.2 TLSv1.3;`, Apache `SSLProtocol -all +TLSv1.2 +TLSv1.3`, HAProxy `ssl-min-ver TLSv1.2`, Node `minVersion: 'TLSv1.2'`.",
    "- RFC 8996"
);
rule!(
    SUITE_OUTDATED,
    "cipher-suite-outdated",
    Info,
    Server,
    "The server chooses a cipher suite that other clients have given up",
    "A session under TLS 1.2 with a CBC suite, or with RSA key exchange.",
    "Node offers these suites and connects (all versions). They have no forward secrecy, or a construction with a history of attacks; rustls, Go and current browsers do not offer them any more or put them last.",
    "note[cipher-suite-outdated]: the server chooses TLSv1.2 with TLS_RSA_WITH_AES_128_CBC_SHA: Node can, and current clients and libraries do not any more",
    "Offer TLS 1.3, or TLS 1.2 with ECDHE and an AEAD cipher, and prefer them: nginx `ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`.",
    "- RFC 9325 section 4.2\n- Node `lib/internal/crypto/…`, `DEFAULT_CIPHERS` in `src/node_constants.h`"
);
rule!(
    ADDRESSES_DIFFER,
    "addresses-differ",
    Warning,
    Server,
    "The addresses of one name do not answer alike",
    "With `allAddresses`: addresses that send other certificates, or end the connection, where others do not.",
    "Behind one name stand several machines, and one was forgotten. Which one a client gets is chance, so that the error comes and goes. Node 20 and later try the next address when one does not connect; none of them does so for a wrong \
certificate.",
    "warning[addresses-differ]: the addresses of `www.example.com` do not answer alike, so that the outcome depends on which one is taken; 127.0.0.1: `www.example.com` until 2045-01-01, 2 certificates (91c8ffd4); 127.0.0.2: `www.example.com` until 2029-01-01, 2 certificates (0b5a3e77)",
    "Put the same certificate and chain on every machine behind the name, or take the address out of the DNS.",
    "- Node `lib/net.js`, `internalConnectMultiple`"
);
rule!(
    OBSERVED_DIFFERS,
    "observed-differs",
    Error,
    Client,
    "This Node came to another end than was predicted",
    "A `tls.connect` of this Node, with the same trust, whose outcome or code is not the one that the verdict and the look at the server come to.",
    "The verdict models what OpenSSL and Node do. When they do otherwise, the model is wrong, which is a defect of this package, or the server did not answer both connections alike.",
    "error[observed-differs]: this Node ends with `CERT_HAS_EXPIRED`, and a connection was predicted: either the server answers one way and then another, or that is a defect of trust-anchors",
    "Go by what Node says, which is `observed`. Look again, at all addresses; when the difference stays, please report it with the output of `--format json`, which holds no secrets.",
    "- `docs/architecture.md`, \"Node decides\""
);
rule!(
    NOT_OBSERVED,
    "observation-skipped",
    Warning,
    Client,
    "This Node's own connection is left out, since it would end the process",
    "A chain with a key on a curve without a NIST name (secp256k1, brainpool), and a Node that crashes when it describes such a certificate.",
    "Releases of Node 24 and 26 end with SIGSEGV while they turn such a key into the object of `getPeerCertificate()`, which every connection that trusts the chain does. Any program that connects there with them dies; Node 18, 20 and 22 do not.",
    "warning[observation-skipped]: this Node's own connection is left out, and the verdict alone is given: the key of `CN=www.example.com` is on the curve secp256k1, which has no NIST name, and a connection that trusts it ends Node 24 with SIGSEGV",
    "Have the certificate issued for a common key, P-256 or RSA 2048, and update Node.",
    "- Node `src/crypto/crypto_x509.cc`, `X509ToObject`; `lib/internal/tls/wrap.js`, `onConnectSecure`"
);
