package io.github.keepalive4j.zookeeper;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The data of a record. Its first line has the claim, then the token once the holder has begun,
 * then any number of {@code KEY=VALUE}. The holder's name follows, which may be any text:
 *
 * <pre>
 * claim-1b4e28ba-2fa1-11d2-883f-0016d3cca427 4294967303 role=source
 * rack-7/4711
 * </pre>
 *
 * <p>A reader ignores keys that it doesn't know, so that a later version may add some. Values are
 * encoded like those of a URL's query. Before the first claim the data is empty.
 *
 * @param claimId the claim's node below the record
 * @param token the fencing token, or 0 until the holder has begun
 * @param fields the values by their keys
 */
record RecordFormat(String claimId, long token, Map<String, String> fields, String name) {
  private static final Pattern CLAIM_ID = Pattern.compile("[A-Za-z0-9-]+");
  private static final char END_OF_LINE = '\n';

  /**
   * Parses data that isn't empty.
   *
   * @throws UnusableRecordException if it has another form
   */
  static RecordFormat parse(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    int end = text.indexOf(END_OF_LINE);
    if (end < 0) {
      throw new UnusableRecordException("the record has no line with a claim");
    }
    String[] words = text.substring(0, end).split(" ", -1);
    boolean begun = words.length > 1 && words[1].indexOf('=') < 0;
    if (!CLAIM_ID.matcher(words[0]).matches()) {
      throw new UnusableRecordException("the record's \"" + words[0] + "\" is no claim");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = begun ? 2 : 1; i < words.length; i++) {
      addField(words[i], fields);
    }
    return new RecordFormat(
        words[0], begun ? parseToken(words[1]) : 0, fields, text.substring(end + 1));
  }

  private static void addField(String word, Map<String, String> fields) {
    int mark = word.indexOf('=');
    try {
      fields.put(
          word.substring(0, mark),
          URLDecoder.decode(word.substring(mark + 1), StandardCharsets.UTF_8));
    } catch (RuntimeException e) { // no mark, or a bad escape
      throw new UnusableRecordException("the record's \"" + word + "\" is not KEY=VALUE");
    }
  }

  private static long parseToken(String text) {
    try {
      long token = Long.parseLong(text);
      if (token > 0) {
        return token;
      }
    } catch (NumberFormatException e) {
      // as a number that isn't positive
    }
    throw new UnusableRecordException("the record's \"" + text + "\" is no token");
  }

  byte[] encode() {
    StringBuilder text = new StringBuilder(claimId);
    if (token != 0) {
      text.append(' ').append(token);
    }
    fields.forEach(
        (key, value) ->
            text.append(' ')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.append(END_OF_LINE).append(name).toString().getBytes(StandardCharsets.UTF_8);
  }
}
