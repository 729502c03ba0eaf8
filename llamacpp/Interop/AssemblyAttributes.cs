using System.Runtime.CompilerServices;

// Every struct and parameter of the imports is blittable; the runtime has nothing to convert.
[assembly: DisableRuntimeMarshalling]
