//! Rules about connections that end before there is a session, one for each way in which they do.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &HOST_NOT_FOUND,
    &REFUSED,
    &UNREACHABLE,
    &TIMED_OUT,
    &FAILED,
    &RESET,
    &CLOSED,
    &STALLED,
    &PLAIN_TEXT,
    &STARTTLS_DECLINED,
    &STARTTLS_ON_TLS_PORT,
    &STARTTLS_OTHER_PROTOCOL,
    &SERVER_NAME_UNRECOGNIZED,
    &LEGACY_ONLY,
    &NOTHING_SHARED,
    &LEGACY_RENEGOTIATION,
    &SERVER_ALERT,
    &OVERSIZED,
    &UNREADABLE,
    &PROXY_NOT_USABLE,
    &PROXY_CREDENTIALS,
    &PROXY_REFUSED,
    &PROXY_CERTIFICATE,
];

rule!(
    HOST_NOT_FOUND,
    "connection-host-not-found",
    Error,
    Client,
    "The host name does not resolve",
    "A name for which the system's resolver knows no address, or gives none in time.",
    "The connection ends before there is one: `ENOTFOUND`, or `EAI_AGAIN` where no name server answers (all versions). Node asks the same resolver as every other program \
(`getaddrinfo`), so `/etc/hosts`, search domains and the container's DNS settings count. No certificate is involved.",
    "error[connection-host-not-found]: `db..internal` does not resolve: the system knows no address of that name",
    "Compare the name with what was meant, and ask the resolver of the same machine or container: `getent hosts db.internal`. Names that are known inside a network alone need its DNS \
server, or its VPN. Behind a proxy the name is resolved by the proxy: set `HTTPS_PROXY`.",
    "- Node `lib/dns.js`, `lookup`; `src/cares_wrap.cc`, `GetAddrInfo`\n- POSIX `getaddrinfo`"
);
rule!(
    REFUSED,
    "connection-refused",
    Error,
    Server,
    "Nothing listens on the port",
    "An address of the name that answers the first packet of TCP with a reset.",
    "The machine is there, and no program listens on that port, or a firewall rejects what comes to it. No certificate is involved: `ECONNREFUSED` comes from the operating system \
(all versions).",
    "error[connection-refused]: nothing listens on port 8443 of `127.0.0.1`: the connection is refused",
    "Start the server, or name the port that it listens on: `ss -ltnp` on its machine shows them. A server that listens on `127.0.0.1` alone is not reached from elsewhere, another \
container included.",
    "- RFC 9293 section 3.10.7.1\n- Node `lib/net.js`, `afterConnect`"
);
rule!(
    UNREACHABLE,
    "connection-unreachable",
    Error,
    Client,
    "There is no route to the address",
    "An address that the operating system cannot send to: no route, or a router that says so.",
    "`ENETUNREACH` or `EHOSTUNREACH` (all versions), from the operating system. Usual are IPv6 addresses on a machine without IPv6, private addresses without the VPN they belong to, and \
containers without a network.",
    "error[connection-unreachable]: there is no route to `224.0.0.1`, port 443",
    "See the route, `ip route get 192.0.2.7`, and the addresses of the name, `getent ahosts name`. Join the network that the address belongs to. When only IPv6 fails, \
`NODE_OPTIONS=--dns-result-order=ipv4first` takes IPv4 first.",
    "- Linux `connect(2)`\n- Node `lib/net.js`, `afterConnect`"
);
rule!(
    TIMED_OUT,
    "connection-timed-out",
    Error,
    Server,
    "The address does not answer at all",
    "An address that says neither yes nor no to the first packet of TCP within the time a stage may take.",
    "Something drops the packets: a firewall or security group, a machine that is switched off, an address that nobody has any more. Node waits as long as the operating system does, about two minutes on Linux, \
then says `ETIMEDOUT`.",
    "error[connection-timed-out]: `127.0.0.1:8443` does not answer: no reply to the first packet within 0.3 s",
    "Open the port in the firewall or security group between the two machines, for the address that this one comes from; `nc -vz -w 5 host port` tries it. Behind a company proxy, set `HTTPS_PROXY`.",
    "- RFC 9293 section 3.8.3\n- Node `lib/net.js`, `internalConnect`"
);
rule!(
    FAILED,
    "connection-failed",
    Error,
    Client,
    "The operating system does not make the connection",
    "An error of the operating system that is none of the usual ones: too many open files, no free port, a link-local address without its interface.",
    "The reason is on this machine. Node reports the system's own code (`EMFILE`, `EADDRNOTAVAIL`, `EINVAL`, `EACCES`) on all versions.",
    "error[connection-failed]: no connection to `fe80::1`, port 443: Invalid argument (os error 22)",
    "Follow the system's words: `ulimit -n` for open files, an interface behind link-local addresses (`fe80::1%eth0`), the rules of the sandbox for refused permissions.",
    "- Linux `connect(2)`"
);
rule!(
    RESET,
    "connection-reset",
    Error,
    Server,
    "The connection is reset before TLS is established",
    "A peer that accepts the connection and ends it with a TCP reset before the handshake is through.",
    "A program crashed or was stopped, a load balancer has no server behind it, or a firewall does not like what it sees: the server name, or a first message larger than it expects. Node says \
`ECONNRESET` (all versions), with `read ECONNRESET` for a message.",
    "error[connection-reset]: `127.0.0.1:8443` resets the connection in the TLS handshake, without saying why",
    "Look into the log of the server or load balancer at that moment. When another name or another network works, a firewall on the way decides by the server name. When it began with Node 24, \
try a smaller first message: `tls.connect({ ecdhCurve: 'X25519:P-256' })`.",
    "- RFC 9293 section 3.5.2\n- Node `lib/internal/tls/wrap.js`, `onConnectEnd`"
);
rule!(
    CLOSED,
    "connection-closed",
    Error,
    Server,
    "The connection is closed before TLS is established",
    "A peer that accepts the connection and closes it in an orderly way before the handshake is through, with no alert.",
    "TLS has alerts to say why, and this peer sends none: a load balancer without a server behind it, a server that knows no certificate for the name, a port of another protocol, a limit on connections. Node says \
`ECONNRESET` with `Client network socket disconnected before secure TLS connection was established` (all versions).",
    "error[connection-closed]: `127.0.0.1:8443` closes the connection in the TLS handshake, without saying why",
    "Look into the log of the server or load balancer at that moment. Compare with another server name: `openssl s_client -connect host:port -servername other </dev/null`.",
    "- RFC 8446 section 6.1\n- Node `lib/internal/tls/wrap.js`, `onConnectEnd`"
);
rule!(
    STALLED,
    "connection-stalled",
    Error,
    Server,
    "The server accepts the connection and then says nothing more",
    "A peer that is connected to and does not get through the handshake, or the preamble before it, within the time a stage may take.",
    "The port is open, and behind it is a program that hangs or waits: one that is overloaded or stopped, one that expects the client to speak another protocol first, or a network that loses large packets \
(a first message with a post-quantum key share does not fit into one). Node itself has no timeout for the handshake of a client (all versions).",
    "error[connection-stalled]: `127.0.0.1:8443` accepts the connection and then says nothing: the TLS handshake did not end within 0.3 s",
    "See whether the server's program is alive, and whether it is TLS that it expects there. Give connections a timeout of their own: `socket.setTimeout()`, `AbortSignal.timeout()`. When only large packets are \
lost, lower the MTU of the VPN or tunnel.",
    "- Node `lib/internal/tls/wrap.js`, `connect`: `timeout` sets the socket's idle timeout alone"
);
rule!(
    PLAIN_TEXT,
    "plain-text-on-tls-port",
    Error,
    Server,
    "The port speaks a protocol in plain text, and no TLS",
    "An answer to the TLS handshake that is text: HTTP, SMTP, IMAP, POP3, FTP, SSH, MySQL and their like.",
    "OpenSSL reads the first octets of the text as the head of a TLS record, and finds a version that there is not: `ERR_SSL_WRONG_VERSION_NUMBER`, or `EPROTO` around it (all versions). Nothing is wrong with any \
certificate; none was sent.",
    "error[plain-text-on-tls-port]: `127.0.0.1:8443` speaks HTTP in plain text where TLS is expected",
    "Turn TLS on for the port: nginx `listen 443 ssl;`, Apache `SSLEngine on`, HAProxy `bind :443 ssl crt site.pem`, Node `https.createServer`. Or connect to the port that speaks TLS. Protocols with STARTTLS \
begin in plain text: look at them by their own scheme, `smtp://`, `imap://`, `pop3://`, `ldap://`, `postgres://`, `mysql://`.",
    "- OpenSSL `ssl/record/methods/tls_common.c`, `tls_get_more_records`\n- RFC 8446 section 5.1"
);
rule!(
    STARTTLS_DECLINED,
    "starttls-declined",
    Error,
    Server,
    "The server speaks the protocol and does not offer TLS in it",
    "A server whose preamble works and which says no to the request for TLS: STARTTLS of SMTP, IMAP, POP3 and LDAP, the SSLRequest of PostgreSQL, the capabilities of MySQL.",
    "No TLS handshake begins. Clients that insist on TLS fail with errors of their own: `pg` with `The server does not support SSL connections`, `mysql2` with `HANDSHAKE_NO_SSL_SUPPORT`, `nodemailer` with `ETLS`.",
    "error[starttls-declined]: the SMTP server at `127.0.0.1:2525` does not turn to TLS: 502 5.5.1 Command not implemented",
    "Turn TLS on in the server: PostgreSQL `ssl = on` with `ssl_cert_file` and `ssl_key_file`, MySQL and MariaDB `ssl_cert` and `ssl_key`, Postfix `smtpd_tls_security_level = may` with `smtpd_tls_chain_files`, \
Dovecot `ssl = yes`, OpenLDAP `olcTLSCertificateFile`. Do not have the client go on in plain text.",
    "- RFC 3207, RFC 9051 section 6.2.1, RFC 2595 section 4, RFC 4511 section 4.14\n- PostgreSQL protocol, SSLRequest; MySQL protocol, `CLIENT_SSL`"
);
rule!(
    STARTTLS_ON_TLS_PORT,
    "starttls-on-tls-port",
    Error,
    Client,
    "The port speaks TLS from the first octet, and the client begins in plain text",
    "A server that answers the plain-text preamble with a TLS record, or that does not answer it and answers a TLS handshake.",
    "Some ports turn to TLS after a preamble (587, 143, 110, 389, 5432), others are TLS from the first octet (465, 993, 995, 636). A client for the one kind waits for a greeting that never comes from the other, or \
gets octets that it cannot read.",
    "error[starttls-on-tls-port]: `127.0.0.1:8443` speaks TLS from the first octet, and was asked for the preamble of PostgreSQL",
    "Connect with TLS from the start: `smtps://`, `imaps://`, `pop3s://`, `ldaps://`; in a client `secure: true` (nodemailer), `sslnegotiation=direct` (PostgreSQL 17).",
    "- RFC 8314 section 3\n- PostgreSQL 17, direct TLS negotiation"
);
rule!(
    STARTTLS_OTHER_PROTOCOL,
    "starttls-other-protocol",
    Error,
    Client,
    "The port speaks another protocol than the one that was tried",
    "A server whose answer to the preamble is none in the protocol that was asked for.",
    "The preamble before TLS is the protocol's own. Where another program listens, TLS is never reached, and the client reports an error of its protocol.",
    "error[starttls-other-protocol]: `127.0.0.1:2525` does not speak SMTP: it answers in SSH",
    "Compare scheme and port with what the server runs: `postgres://` 5432, `mysql://` 3306, `smtp://` 25 or 587, `imap://` 143, `pop3://` 110, `ldap://` 389.",
    "- the greetings of RFC 5321, RFC 9051, RFC 1939; PostgreSQL and MySQL protocols"
);
rule!(
    SERVER_NAME_UNRECOGNIZED,
    "server-name-unrecognized",
    Error,
    Server,
    "The server knows no certificate for the name that was asked for",
    "The alert `unrecognized_name`, by which a server refuses the server name indication.",
    "A server with several names chooses its certificate by the name that the client sends. This one refuses names that it is not set up for: `ERR_SSL_TLSV1_UNRECOGNIZED_NAME`; on Node 18 and 20 as on later ones. \
A server may also answer with its default certificate; then the name does not match.",
    "error[server-name-unrecognized]: the server knows no name `www.example.com`: it refuses the handshake with the alert unrecognized_name",
    "Add the name to the server: nginx `server_name`, Apache `ServerName` and `ServerAlias`, HAProxy a certificate with that name, Caddy and Traefik a site or router with it. When the client connects by another name than \
the server's own: `servername` of the connection names it.",
    "- RFC 6066 section 3\n- OpenSSL `ssl/record/rec_layer_s3.c`, `ssl3_read_bytes`"
);
rule!(
    LEGACY_ONLY,
    "protocol-legacy-only",
    Error,
    Server,
    "The server speaks only TLS versions that Node refuses",
    "A server that refuses TLS 1.2 and TLS 1.3: by the alert `protocol_version`, or by answering in an older version.",
    "TLS 1.0 and 1.1 are deprecated (RFC 8996), SSL 3.0 is broken. Node speaks TLS 1.2 and 1.3 by default (all versions since 12): `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION` when the server refuses, \
`ERR_SSL_UNSUPPORTED_PROTOCOL` when it answers in an older version. From OpenSSL 3 on the older versions need security level 0 besides.",
    "error[protocol-legacy-only]: the server refuses TLS 1.2 and 1.3, the versions that Node speaks; it offers TLSv1 and TLSv1.1",
    "Update the server, or let it speak TLS 1.2: nginx `ssl_protocols TLSv1.2 TLSv1.3;`, Apache `SSLProtocol -all +TLSv1.2 +TLSv1.3`, HAProxy `ssl-min-ver TLSv1.2`. A device that cannot be updated is best put behind \
a proxy that speaks TLS 1.2 on this side.",
    "- RFC 8996\n- Node `lib/tls.js`, `DEFAULT_MIN_VERSION`\n- OpenSSL `ssl/statem/statem_lib.c`, `ssl_choose_client_version`"
);
rule!(
    NOTHING_SHARED,
    "handshake-nothing-shared",
    Error,
    Server,
    "Server and client have no cipher suite, group or signature algorithm in common",
    "The alerts `handshake_failure` and `insufficient_security`, or a choice of the server that Node does not go on with, such as Diffie-Hellman parameters that are too small.",
    "The server found nothing in the client's offer that it would use, or has no certificate of a kind that the client takes. Node says `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE` (18, 20) or \
`ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE` (22 and later). Servers that demand a client certificate under TLS 1.2 say the same, and so do servers without a certificate for the name.",
    "error[handshake-nothing-shared]: the server finds nothing in common with the client (alert handshake_failure): no cipher suite, no group or no signature algorithm",
    "Let the server offer what every client of today has: nginx `ssl_ciphers HIGH:!aNULL:!MD5;` with `ssl_protocols TLSv1.2 TLSv1.3;`, an ECDHE group such as X25519 or P-256, Diffie-Hellman parameters of at least 2048 bits, \
an RSA or P-256 certificate. See what it chooses: `openssl s_client -connect host:port -servername host -brief </dev/null`.",
    "- RFC 8446 section 6.2, `handshake_failure`\n- OpenSSL `ssl/statem/statem_srvr.c`, `tls_post_process_client_hello`"
);
rule!(
    LEGACY_RENEGOTIATION,
    "handshake-legacy-renegotiation",
    Error,
    Server,
    "The server knows nothing of secure renegotiation",
    "A server under TLS 1.2 or older that does not answer the renegotiation_info extension of RFC 5746.",
    "OpenSSL 3 does not connect to such servers (`SSL_OP_LEGACY_SERVER_CONNECT` is off): `ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED` (Node 18 and later). Node 16 and clients with other libraries connect, since a server \
that never renegotiates comes to no harm.",
    "error[handshake-legacy-renegotiation]: the server knows nothing of secure renegotiation (RFC 5746), and OpenSSL of Node 24 insists on it",
    "Update the server, or the load balancer, firewall or TLS-inspecting proxy in front of it.",
    "- RFC 5746 section 3.4\n- OpenSSL `ssl/statem/extensions.c`, `final_renegotiate`"
);
rule!(
    SERVER_ALERT,
    "server-alert",
    Error,
    Server,
    "The server ends the handshake with an alert",
    "An alert other than those that have a rule of their own.",
    "The server says that it will not go on, and names a reason of RFC 8446 section 6. Node reports it as `ERR_SSL_…ALERT_…` with the name of the alert (from Node 22 on with `SSL/TLS` where it was `SSLV3`).",
    "error[server-alert]: the server ends the handshake with the alert internal_error (80)",
    "The reason stands in the server's own log. `internal_error` often means that it could not load its certificate or reach what holds its key.",
    "- RFC 8446 section 6\n- OpenSSL `ssl/ssl_stat.c`"
);
rule!(
    OVERSIZED,
    "handshake-oversized",
    Error,
    Server,
    "The server sends more in its handshake than clients take",
    "A handshake message beyond the limits of TLS clients: mostly a certificate message with a bundle of CAs in it.",
    "Node's OpenSSL takes 100 KiB of certificates and fails with `ERR_SSL_EXCESSIVE_MESSAGE_SIZE` beyond (all versions); other clients stop earlier. A chain is two or three certificates, some 4 KiB.",
    "error[handshake-oversized]: the server's handshake has more than clients take; Node stops at 100 KiB of certificates",
    "Send the leaf and its intermediates, not a CA bundle: the file behind `ssl_certificate` (nginx), `SSLCertificateFile` (Apache), `crt` (HAProxy) or `cert` (Node) is the wrong one.",
    "- OpenSSL `SSL_CTX_set_max_cert_list`, `SSL_MAX_CERT_LIST_DEFAULT`\n- RFC 8446 section 4.4.2"
);
rule!(
    UNREADABLE,
    "handshake-unreadable",
    Error,
    Server,
    "The server's answer is no TLS that can be read",
    "Octets that are neither text nor a TLS handshake as it must be.",
    "Something other than a TLS server listens there, or something on the way changes the octets. Node's code depends on where OpenSSL stumbles: `ERR_SSL_WRONG_VERSION_NUMBER`, `ERR_SSL_UNEXPECTED_MESSAGE`, \
`ERR_SSL_LENGTH_MISMATCH` and others.",
    "error[handshake-unreadable]: `127.0.0.1:8443` answers with something that is no TLS handshake",
    "See what listens there: `openssl s_client -connect host:port -msg </dev/null` shows the messages. Try from another network, to leave out what stands between.",
    "- RFC 8446 sections 4 and 5"
);
rule!(
    PROXY_NOT_USABLE,
    "proxy-not-usable",
    Error,
    Proxy,
    "The proxy cannot be reached, or does not answer as an HTTP proxy",
    "A proxy whose name does not resolve, that does not accept connections, or whose answer to CONNECT is none of HTTP.",
    "The connection never gets to the server: nothing can be said about its certificate. Agents report the failure under the server's name (`ECONNREFUSED`, `ENOTFOUND`, `ECONNRESET`), which misleads.",
    "error[proxy-not-usable]: the proxy `127.0.0.1:3128` refuses connections: nothing listens there",
    "Compare `HTTPS_PROXY` with what the network asks for: host, port, and `http://` for a proxy that is spoken to in plain text. Hosts that need no proxy stand in `NO_PROXY`.",
    "- RFC 9110 section 9.3.6"
);
rule!(
    PROXY_CREDENTIALS,
    "proxy-credentials-refused",
    Error,
    Client,
    "The proxy wants other credentials",
    "The status 407 in answer to CONNECT: credentials are missing, wrong, or of a kind the proxy does not take.",
    "Node and its agents send what stands in the URL of the proxy, as Basic. A proxy that takes NTLM or Kerberos alone cannot be used that way.",
    "error[proxy-credentials-refused]: the proxy `127.0.0.1:3128` asks for other credentials: 407 Proxy Authentication Required",
    "Put user and password into the URL, percent-encoded: `HTTPS_PROXY=http://user:p%40ss@proxy.example.com:3128`. For NTLM or Kerberos run a local proxy that adds them (`px`, `cntlm`) and point `HTTPS_PROXY` at it.",
    "- RFC 9110 section 15.5.8"
);
rule!(
    PROXY_REFUSED,
    "proxy-refused",
    Error,
    Proxy,
    "The proxy does not connect to the server",
    "A status other than 2xx and 407 in answer to CONNECT: 403 by its rules, 502 to 504 because it does not reach the server itself.",
    "The connection ends at the proxy; the server's certificate is never seen.",
    "error[proxy-refused]: the proxy `127.0.0.1:3128` does not connect to `www.example.com:443`: 403 Forbidden",
    "403 and 405: have the host and port allowed by whoever runs the proxy; many allow port 443 alone. 502, 503 and 504: the proxy does not reach the server; a host inside the network belongs into `NO_PROXY`.",
    "- RFC 9110 sections 9.3.6 and 15"
);
rule!(
    PROXY_CERTIFICATE,
    "proxy-certificate-not-trusted",
    Error,
    Proxy,
    "The certificate of the proxy itself is not trusted",
    "A proxy that is spoken to over TLS (`https://proxy…`), with a certificate that Node does not accept.",
    "The first handshake on the way is the proxy's, and it fails like any other: with the codes of its own chain. Agents report them under the server's name, whose certificate may be fine. `diagnose` leaves such a proxy without asking it for anything, since the request would hold its credentials.",
    "error[proxy-certificate-not-trusted]: the certificate of the proxy `127.0.0.1:3128` is not accepted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): the server's own is another matter",
    "Trust the CA of the proxy, as of any server: `NODE_EXTRA_CA_CERTS`.",
    "- RFC 9110 section 9.3.6"
);
