'use strict'

/** Values of NO_PROXY, a host, and whether it is reached without the proxy: what `ProxyConfig.shouldUseProxy` of Node 24 and 26 says. */
const NO_PROXY = [
  ['*', 'www.example.com', true], ['x, *', 'www.example.com', true], ['www.example.com', 'www.example.com', true], ['WWW.example.com', 'www.example.com', true],
  ['example.com', 'www.example.com', false], ['.example.com', 'www.example.com', true], ['.example.com', 'example.com', true], ['.example.com', 'anexample.com', false],
  ['*.example.com', 'www.example.com', true], ['*.example.com', 'example.com', false], ['www.example.com:443', 'www.example.com', true],
  ['www.example.com:8443', 'www.example.com', false], ['192.0.2.1-192.0.2.9', '192.0.2.7', true], ['192.0.2.1-192.0.2.9', '192.0.2.10', false],
  ['192.0.2.0/24', '192.0.2.7', false], ['::1', '::1', true], ['', 'www.example.com', false], ['a-b', 'www.example.com', false],
]

module.exports = { NO_PROXY }
