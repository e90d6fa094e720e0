/** Detection times: how they are predicted, and chosen for a budget. Not API. */
package io.github.keepalive4j.internal.timing;
