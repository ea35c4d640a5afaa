"""Prints the errors of Lambda's Invoke in botocore's model, a line each: the code and the HTTP status."""
import botocore.session

model = botocore.session.Session().get_service_model("lambda")
for shape in model.operation_model("Invoke").error_shapes:
    print(shape.name, shape.metadata["error"]["httpStatusCode"])
