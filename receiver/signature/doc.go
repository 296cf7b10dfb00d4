// Package signature signs UP42's webhook deliveries and judges their
// signatures.
//
// # The scheme
//
// A delivery to a webhook that has a secret brings two headers:
//
//	Signature-Input: up42-sig=("date" "digest");created=1789999998
//	Signature: up42-sig=v1mbObZZ1md/7Vnbhmp9faiTU0thEJ989ae0vLlnWWI=
//
// Signature-Input is a structured-fields dictionary (RFC 8941). Its list names
// the covered headers, called components. What is signed is the values of
// those headers, in that order, with nothing between them; the signature is
// HMAC-SHA256 over that with the webhook's secret, in padded base64. UP42
// documents the headers by its receiver snippets (github.com/up42/up42-webhooks).
// The scheme looks like RFC 9421 and is older: neither the signature base nor
// the spelling of the signature is that of the RFC.
//
// # What it does not protect
//
// The signature covers neither the list nor `created`, nor the borders between
// values, nor the body. [Verifier.Verify] makes up for what it can:
//
//   - The body is vouched for only by a digest header that is covered. Digest
//     (RFC 3230) and Content-Digest (RFC 9530) are checked against the body
//     whenever they are there; [Result.BodyCovered] says whether one of them
//     was covered.
//   - Who holds one signed request can cut its signed bytes anew, over headers
//     and at borders of his own choice. So each covered value must be well
//     formed for its header, a covered header must occur exactly once, and
//     [Policy.Components] pins the list.
//   - Who holds one signed request can send it again with a fresh `created`. A
//     covered date must be fresh as well; beyond that only remembering what
//     came already helps, which is the caller's business.
//   - Method, path and query are never covered.
package signature
