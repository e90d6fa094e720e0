package io.github.keepalive4j.zookeeper;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** Reads the errors of requests to the ensemble. */
final class EnsembleErrors {
  private EnsembleErrors() {}

  /** Returns the ensemble's code, OK if there is no error, or SYSTEMERROR for any other error. */
  static Code codeOf(Throwable error) {
    Throwable cause = unwrap(error);
    if (cause == null) {
      return Code.OK;
    }
    return cause instanceof KeeperException answer ? answer.code() : Code.SYSTEMERROR;
  }

  /** Tells whether the ensemble may have carried out the request, or may still do so. */
  static boolean leavesOpen(Code code) {
    return code == Code.CONNECTIONLOSS
        || code == Code.OPERATIONTIMEOUT
        || code == Code.REQUESTTIMEOUT
        || code == Code.THROTTLEDOP
        || code == Code.SESSIONEXPIRED
        || code == Code.SESSIONMOVED;
  }

  /** Tells whether the ensemble gave an answer that another try won't change. */
  static boolean isAnswer(Throwable error) {
    Throwable cause = unwrap(error);
    return cause instanceof UnusableRecordException
        || (cause instanceof KeeperException answer && !leavesOpen(answer.code()));
  }

  static String refusal(Throwable error) {
    return "the ensemble lets nobody claim the source: " + text(error);
  }

  static String text(Throwable error) {
    Throwable cause = unwrap(error);
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException || error instanceof ExecutionException
        ? error.getCause()
        : error;
  }
}
