'use strict'

const DEPTH = 6

/** What Node says of a certificate whose CA it does not trust; libraries pass the code on, or the message alone. */
const REFUSED = /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|unable to (?:verify the first|get (?:local )?issuer) certificate|self.signed certificate in certificate chain/

/** All that an error says, and the errors in it, whichever library threw it. @param {any} error @returns {string} */
function said(error, depth = 0) {
  if (error === null || error === undefined || depth > DEPTH) return ''
  if (typeof error !== 'object') return String(error)
  const { code, message, cause, reason, errors, description, context, originalError } = error
  const within = [cause, reason, description, context?.statusText, originalError, ...(Array.isArray(errors) ? errors : [])]
  const servers = reason?.servers instanceof Map ? [...reason.servers.values()].map(({ error: inner }) => inner) : []
  return [code, message, ...[...within, ...servers].map((inner) => said(inner, depth + 1))].filter(Boolean).join(' | ')
}

module.exports = { REFUSED, said }
