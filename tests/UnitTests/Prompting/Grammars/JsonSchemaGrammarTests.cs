using System.Text;
using System.Text.Json;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

public sealed class JsonSchemaGrammarTests
{
    [Theory]
    [InlineData("{}", "{}~[]~1~'a'~null~true~{'a':[1,{'b':null}]}", "~{~[1,]~nul~01~'a~{'a'}~{a:1}")]
    [InlineData("true", "1~{}", "x")]
    [InlineData("{'type':'boolean'}", "true~false", "null~1~'true'")]
    [InlineData("{'type':'null'}", "null", "0")]
    [InlineData("{'type':'string'}", "''~'a'~'Grüße 👋'~'\\\\n\\\\u00e4\\\\ud83d\\\\udc4b'", "1~'\\\\ud83d'~'\\\\x'~'\n'")]
    [InlineData("{'type':'integer'}", "0~-5~1234567890", "1.0~-~--1~01~1e3~-0")]
    [InlineData("{'type':'number'}", "0~-5~1.25~1e3~1.5E-10", ".5~1.~1e~+1~0x1")]
    [InlineData("{'type':['string','null']}", "'a'~null", "1")]
    [InlineData("{'type':'string','nullable':true}", "'a'~null", "1")]
    [InlineData("{'enum':['red',1,null,{'a':[1,2]},'ä\"']}", "'red'~1~null~{'a':[1,2]}", "'blue'~2~{'a': [1,2]}")]
    [InlineData("{'type':'string','enum':['a',1,'bb'],'maxLength':1}", "'a'", "1~'bb'")]
    [InlineData("{'const':{'x':true}}", "{'x':true}", "{'x':false}~{}")]
    [InlineData("{'type':'integer','enum':[1,2,3,4],'minimum':2,'exclusiveMaximum':4}", "2~3", "1~4")]
    [InlineData("{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'string'}},'required':['a','b']}", "{'a':1,'b':'x'}~{ 'a': 1, 'b': 'x' }~{\n  'a': 1,\n  'b': 'x'\n}", "{'a':1}~{'b':'x','a':1}~{'a':1,'b':'x','c':2}~{'a':'1','b':'x'}~{}~{'a':1,'b':'x',}")]
    [InlineData("{'type':'object','properties':{'a':{'type':'integer'},'b':{},'c':{'type':'null'}},'required':['b']}", "{'b':[1]}~{'a':1,'b':2}~{'b':1,'c':null}~{'a':1,'b':2,'c':null}", "{}~{'a':1}~{'a':1,'c':null}~{,'b':1}~{'b':1,}")]
    [InlineData("{'properties':{'a':{'type':'integer'},'b':{'type':'integer'},'c':{'type':'integer'}}}", "{}~{'a':1}~{'b':1}~{'c':1}~{'a':1,'c':1}~{'b':1,'c':1}~{'a':1,'b':1,'c':1}", "{'c':1,'a':1}~{'a':1,'a':1}~[]~1")]
    [InlineData("{'properties':{'ab':{'type':'integer'},'abc':{'type':'null'}},'additionalProperties':{'type':'boolean'}}", "{}~{'ab':1}~{'a':true}~{'abd':true,'':false}~{'abc':null,'abcd':true,'x':false}~{'ab':1,'ac':true}", "{'ab':true}~{'abc':true}~{'x':1}~{'\\\\u0061b':true}~{'a':true,'ab':1}")]
    [InlineData("{'type':'object','additionalProperties':{'type':'integer'}}", "{}~{'x':1}~{'x':1,'y':2}", "{'x':'1'}")]
    [InlineData("{'type':'object','additionalProperties':false}", "{}~{ }", "{'x':1}")]
    [InlineData("{'type':'object'}", "{}~{'x':[{}]}", "[]")]
    [InlineData("{'type':'object','minProperties':1,'maxProperties':2}", "{'a':1}~{'a':1,'b':2}", "{}~{'a':1,'b':2,'c':3}")]
    [InlineData("{'properties':{'a':{},'b':{}},'minProperties':1}", "{'a':1}~{'b':1}~{'a':1,'b':2}", "{}")]
    [InlineData("{'type':'object','required':['x']}", "{'x':1}", "{}~{'y':1}")]
    [InlineData("{'properties':{'a':false,'b':{'type':'integer'}}}", "{}~{'b':1}", "{'a':1}")]
    [InlineData("{'properties':{'a\"b\\\\n':{'type':'integer'}}}", "{'a\\\\\"b\\\\n':1}", "{'ab':1}")]
    [InlineData("{'type':'object','patternProperties':{'^x-[a-z]+$':{'type':'integer'}},'additionalProperties':false}", "{}~{'x-a':1}~{'x-a':1,'x-bc':2}", "{'x-':1}~{'y':1}~{'x-a':'1'}")]
    [InlineData("{'type':'array','items':{'type':'integer'}}", "[]~[1]~[1,2]~[ 1, 2 ]~[\n  1,\n  2\n]", "[1,]~['a']~1")]
    [InlineData("{'items':{'type':'integer'},'minItems':2,'maxItems':3}", "[1,2]~[1,2,3]", "[]~[1]~[1,2,3,4]")]
    [InlineData("{'type':'array','maxItems':0}", "[]", "[1]")]
    [InlineData("{'prefixItems':[{'type':'integer'},{'type':'string'}]}", "[1,'a']", "[]~[1]~[1,'a',2]~['a',1]")]
    [InlineData("{'prefixItems':[{'type':'integer'},{'type':'string'}],'items':{'type':'null'},'minItems':1}", "[1]~[1,'a']~[1,'a',null]~[1,'a',null,null]", "[]~[1,null]~[1,'a','b']")]
    [InlineData("{'items':[{'type':'integer'}],'additionalItems':{'type':'null'}}", "[1]~[1,null]", "[null]~[1,1]")]
    [InlineData("{'prefixItems':[{'type':'integer'},{'type':'string'}],'maxItems':1}", "[1]", "[1,'a']")]
    [InlineData("{'type':'array','items':false}", "[]", "[1]")]
    [InlineData("{'type':'string','minLength':2,'maxLength':3}", "'ab'~'abc'~'ä👋'~'\\\\n\\\\t'", "'a'~'abcd'~''")]
    [InlineData("{'type':'string','maxLength':100000}", "''~'abc'", "1")]
    [InlineData("{'anyOf':[{'type':'integer'},{'type':'string'}]}", "1~'a'", "null~1.5")]
    [InlineData("{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'integer'}},'anyOf':[{'required':['a']},{'required':['b']}]}", "{'a':1}~{'b':1}~{'a':1,'b':1}", "{}")]
    [InlineData("{'oneOf':[{'type':'object','properties':{'k':{'const':'x'},'v':{'type':'integer'}},'required':['k','v']},{'type':'object','properties':{'k':{'const':'y'}},'required':['k']},{'type':'null'}]}", "{'k':'x','v':1}~{'k':'y'}~null", "{'k':'x'}~{'k':'z'}~{}")]
    [InlineData("{'allOf':[{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'b':{'type':'string'},'a':{'minimum':5}}}]}", "{'a':5}~{'a':50,'b':''}", "{}~{'a':4}~{'b':''}")]
    [InlineData("{'allOf':[{'type':['string','integer']},{'type':['number','null']}]}", "3", "null~'a'~3.5")]
    [InlineData("{'anyOf':[{'type':'string'},{'type':'integer','minimum':3,'maximum':2}]}", "'a'", "2~3")]
    [InlineData("{'type':'object','properties':{'v':{'type':'integer'},'next':{'$ref':'#'}},'required':['v']}", "{'v':1}~{'v':1,'next':{'v':2,'next':{'v':3}}}", "{'v':1,'next':{}}")]
    [InlineData("{'$ref':'#/$defs/tree','$defs':{'tree':{'anyOf':[{'type':'integer'},{'type':'array','items':{'$ref':'#/$defs/tree'}}]}}}", "1~[]~[1,[2,[]]]", "'a'~[null]")]
    [InlineData("{'$ref':'#/definitions/a~1b%20c','definitions':{'a/b c':{'type':'null'}}}", "null", "1")]
    [InlineData("{'$ref':'#/$defs/a','maxLength':1,'$defs':{'a':{'type':'string'}}}", "'x'", "'xy'")]
    [InlineData("{'title':'t','description':'d','default':1,'examples':[1],'type':'null','x-y':1}", "null", "1")]
    [InlineData("{'type':'string','format':'date'}", "'2024-02-29'~'2023-12-31'", "'2023-02-29'~'2023-13-01'~'2023-4-1'~''")]
    [InlineData("{'type':'string','format':'time'}", "'23:59:59Z'~'00:00:00.5+01:30'", "'24:00:00Z'~'12:00:00'")]
    [InlineData("{'type':'string','format':'date-time'}", "'2024-01-01T00:00:00Z'", "'2024-01-01 00:00:00Z'~'x'")]
    [InlineData("{'type':'string','format':'uuid'}", "'123e4567-e89b-12d3-a456-426614174000'", "'123e4567e89b12d3a456426614174000'~'123e4567-e89b-12d3-a456-42661417400'")]
    [InlineData("{'type':'string','format':'ipv4'}", "'127.0.0.1'~'255.255.255.255'", "'256.0.0.1'~'1.2.3'~'01.2.3.4'")]
    [InlineData("{'type':'string','format':'email'}", "'a.b@example.com'", "'a@b'~'@example.com'~'a b@c.de'")]
    [InlineData("{'type':'string','format':'uri'}", "'https://example.com/a?b=c#d'", "'example.com'~'https://'")]
    [InlineData("{'type':'string','format':'color-hex-of-mine'}", "'whatever'", "1")]
    public void A_document_is_accepted_when_it_satisfies_the_schema(string schema, string good, string bad)
    {
        Schemas.Accepts(Unescape(schema), good.Split('~').Select(Unescape).ToArray());
        Schemas.Rejects(Unescape(schema), bad.Split('~').Select(Unescape).ToArray());

        static string Unescape(string text) => text.Replace("\\\\", "\\", StringComparison.Ordinal)
            .Replace("ä\"", "ä", StringComparison.Ordinal).Replace("a\"b", "a\\\"b", StringComparison.Ordinal)
            .Replace("a\\\\\"b", "a\\\"b", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'not':{}}", "#/not")]
    [InlineData("{'properties':{'a/b':{'contains':{}}}}", "#/properties/a~1b/contains")]
    [InlineData("{'if':{},'then':{}}", "#/if")]
    [InlineData("{'type':'array','uniqueItems':true}", "#/uniqueItems")]
    [InlineData("{'type':'integer','multipleOf':3}", "#/multipleOf")]
    [InlineData("{'type':'banana'}", "#/type: \"banana\" is no type")]
    [InlineData("{'type':7}", "#/type")]
    [InlineData("{'properties':[]}", "#/properties")]
    [InlineData("{'required':true}", "#/required")]
    [InlineData("{'anyOf':{}}", "#/anyOf")]
    [InlineData("{'anyOf':[]}", "#/anyOf")]
    [InlineData("{'anyOf':[3]}", "#/anyOf/0")]
    [InlineData("{'enum':[]}", "#/enum")]
    [InlineData("{'enum':3}", "#/enum")]
    [InlineData("{'minLength':-1,'type':'string'}", "#/minLength")]
    [InlineData("{'minLength':'a','type':'string'}", "#/minLength")]
    [InlineData("{'minimum':'a','type':'integer'}", "#/minimum")]
    [InlineData("{'minItems':1000000000,'type':'array'}", "#/minItems")]
    [InlineData("{'$ref':'#/$defs/nope'}", "#/$ref: '#/$defs/nope' names nothing")]
    [InlineData("{'$ref':'https://example.com/schema.json'}", "#/$ref")]
    [InlineData("{'$ref':5}", "#/$ref")]
    [InlineData("{'oneOf':[{'type':'integer'},{'type':'number'}]}", "alternatives 0 and 1")]
    [InlineData("{'oneOf':[{'type':'object'},{'type':'object','properties':{'a':{}}}]}", "#/oneOf")]
    [InlineData("{'type':'string','pattern':'a(?=b)'}", "#/pattern: at character 4")]
    [InlineData("{'type':'string','pattern':'(a'}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'a)'}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'*a'}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'[a'}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'a{3,2}'}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'^a+$','maxLength':3}", "#/pattern")]
    [InlineData("{'type':'string','pattern':'a','format':'date'}", "#/format")]
    [InlineData("{'patternProperties':{'a':{},'b':{}}}", "#/patternProperties")]
    [InlineData("{'properties':{'a':{}},'minProperties':2,'additionalProperties':true}", "#/minProperties")]
    [InlineData("{'properties':{'a':{},'b':{}},'maxProperties':1}", "#/maxProperties")]
    [InlineData("{'type':'integer','minimum':3,'maximum':2}", "no value")]
    [InlineData("{'allOf':[{'type':'string'},{'type':'null'}]}", "no value")]
    [InlineData("{'properties':{'a':false},'required':['a']}", "no value")]
    [InlineData("{'allOf':[{'properties':{'a':{}},'additionalProperties':false},{'required':['b']}]}", "no value")]
    [InlineData("false", "no value")]
    [InlineData("3", "must be a schema")]
    [InlineData("{'anyOf':[{'$ref':'#'},{'type':'null'}]}", "without end")]
    [InlineData("{'$ref':'#/$defs/a','$defs':{'a':{'anyOf':[{'$ref':'#/$defs/b'}]},'b':{'anyOf':[{'$ref':'#/$defs/a'}]}}}", "without end")]
    [InlineData("{'properties':{'a':{'$ref':'#'}},'required':['a']}", "")]
    public void What_cannot_be_honoured_is_refused_with_its_place(string schema, string message)
    {
        if (message.Length > 0)
        {
            Assert.Contains(message, Schemas.Refuse(schema));
        }
        else
        {
            // It compiles, but no document ends; the matcher says so.
            Assert.Throws<Ollama.Platform.Inference.Sampling.Grammars.GrammarSyntaxException>(
                () => Schemas.Compile(schema));
        }
    }

    [Fact]
    public void Hostile_schemas_are_refused_in_time()
    {
        var deep = string.Concat(Enumerable.Repeat("{'items':", 5000)) + "{}" + new string('}', 5000);
        var chain = "{'$ref':'#/$defs/d0','$defs':{" + string.Join(',', Enumerable.Range(0, 10_000)
            .Select(index => $"'d{index}':{{'items':{{'$ref':'#/$defs/d{index + 1}'}}}}")) + ",'d10000':{}}}";
        var values = $"{{'enum':[{string.Join(',', Enumerable.Range(0, 1_000_000))}]}}";
        var product = "{'allOf':[" + string.Join(',', Enumerable.Range(0, 30).Select(
            index => $"{{'anyOf':[{{'minimum':{index}}},{{'maximum':{index + 100}}}]}}")) + "]}";
        var wide = "{'properties':{" + string.Join(',', Enumerable.Range(0, 20_000)
            .Select(index => $"'p{index}':{{}}")) + "}}";
        var longText = $"{{'const':'{new string('x', 2_000_000)}'}}";
        foreach (var schema in new[] { deep, chain, values, product, wide, longText })
        {
            Schemas.Refuse(schema);
        }
    }

    [Fact]
    public void Random_texts_of_a_schemas_grammar_parse_and_satisfy_it()
    {
        const string Schema = "{'type':'object','properties':{'name':{'type':'string','minLength':1,'maxLength':8},"
            + "'age':{'type':'integer','minimum':0,'maximum':150},'score':{'type':'number','minimum':-2.5,"
            + "'exclusiveMaximum':7.25},'tags':{'type':'array','items':{'enum':['a','b','c']},'minItems':1,"
            + "'maxItems':3},'when':{'type':'string','format':'date'},'any':{}},"
            + "'required':['name','age','score','tags'],"
            + "'additionalProperties':{'type':'boolean'}}";
        var matcher = Schemas.Compile(Schema);
        var random = new Random(42);
        var written = 0;
        for (var round = 0; round < 200; round++)
        {
            if (Texts.Write(matcher, random, 400) is not { } bytes)
            {
                continue;
            }

            written++;
            var document = JsonDocument.Parse(bytes).RootElement;
            Assert.InRange(document.GetProperty("name").GetString()!.EnumerateRunes().Count(), 1, 8);
            Assert.InRange(document.GetProperty("age").GetInt64(), 0, 150);
            Assert.InRange(document.GetProperty("score").GetDecimal(), -2.5m, 7.2499999999999999999m);
            Assert.InRange(document.GetProperty("tags").GetArrayLength(), 1, 3);
            Assert.All(
                document.GetProperty("tags").EnumerateArray(),
                tag => Assert.Contains(tag.GetString()!, "abc"));
            // The year 0 is one of RFC 3339, but none of the runtime's.
            Assert.True(!document.TryGetProperty("when", out var when) || when.TryGetDateTime(out _)
                || when.GetString()!.StartsWith("0000", StringComparison.Ordinal));
            string[] known = ["name", "age", "score", "tags", "when", "any"];
            Assert.All(
                document.EnumerateObject().Where(member => !known.Contains(member.Name)),
                member => Assert.True(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False));
        }

        Assert.True(written > 100, $"Only {written} texts came to an end.");
    }

    [Fact]
    public void Random_texts_of_any_json_parse()
    {
        var matcher = Texts.Matcher(Grammar.AnyJson.Text);
        var random = new Random(5);
        var written = 0;
        for (var round = 0; round < 300; round++)
        {
            if (Texts.Write(matcher, random, 300) is { } bytes)
            {
                written++;
                using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 1000 });
                Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            }
        }

        Assert.True(written > 100, $"Only {written} texts came to an end.");
    }

    [Fact]
    public void A_document_may_be_split_anywhere()
    {
        var matcher = Schemas.Compile("{'properties':{'ä':{'type':'string'}},'required':['ä']}");
        var bytes = Encoding.UTF8.GetBytes("{\"ä\": \"ü👋\\n\"}");
        for (var at = 0; at <= bytes.Length; at++)
        {
            matcher.Reset();
            Assert.True(matcher.Accept(bytes.AsSpan(0, at)) && matcher.Accept(bytes.AsSpan(at)) && matcher.IsComplete);
        }
    }
}
