/** Classes of the Java runtime whose names processes may match on as `error.type`. */
export const classNames = {
  connector: 'io.camunda.connector.api.error.ConnectorException',
  input: 'io.camunda.connector.api.error.ConnectorInputException',
  feel: 'io.camunda.connector.feel.FeelEngineWrapperException',
  backoff: 'io.camunda.connector.runtime.core.error.InvalidBackOffDurationException',
  jobTimeout: 'io.camunda.connector.runtime.core.error.InvalidJobTimeoutException',
  illegalArgument: 'java.lang.IllegalArgumentException',
  nullPointer: 'java.lang.NullPointerException',
  runtime: 'java.lang.RuntimeException',
  unsupportedCharset: 'java.nio.charset.UnsupportedCharsetException',
} as const;
